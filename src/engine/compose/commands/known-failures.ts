import { ComposeError } from '../../compose-file/failure.ts';
import { Failure } from '../failure.ts';

/** What compose-file refuses is a failure of the command. */
export function attemptOrRefuse<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (problem) {
    if (problem instanceof ComposeError) throw new Failure(problem.message);
    throw problem;
  }
}
