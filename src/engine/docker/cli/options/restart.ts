import { parseInteger } from '../../../go/numbers.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';

/** `--restart on-failure:3` (docker/cli v29.7 `opts/parse.go`, `ParseRestartPolicy`). */
export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export function parseRestart(text: string): RestartPolicy | Refused {
  const at = text.indexOf(':');
  const name = at === -1 ? text : text.slice(0, at);
  if (at === 0) return refuse('invalid restart policy format: no policy provided before colon');
  const count = at === -1 ? '' : text.slice(at + 1);
  const retries = count === '' ? 0 : parseInteger(count, { what: 'Atoi' });
  if (isRefused(retries)) {
    return refuse('invalid restart policy format: maximum retry count must be an integer');
  }
  return { Name: name, MaximumRetryCount: retries };
}
