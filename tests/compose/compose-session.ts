import { Session } from '../../src/engine/session.ts';
import type { ContainerInspect } from '../../src/engine/docker/api.ts';

/** A person with Docker and Compose, in the directory `/root/app`. */
export interface Typed {
  readonly text: string;
  readonly code: number;
}

export function composeSession(file?: string, seed = 1) {
  const session = new Session({ preset: 'host', seed });
  const type = (line: string): Typed => {
    const { printed, exitCode } = session.type(line);
    return { text: printed, code: exitCode };
  };
  /** What must succeed. */
  const must = (line: string): string => {
    const { text, code } = type(line);
    if (code !== 0) throw new Error(`${line}: ${text}`);
    return text;
  };
  /** As on a pipe: a line for each news. Fails when the command does. */
  const piped = (line: string): string[] => {
    const { text, code } = type(`set -o pipefail; ${line} 2>&1 | cat; set +o pipefail`);
    if (code !== 0) throw new Error(`${line}: ${text}`);
    return text.split('\n').filter((one) => one !== '');
  };
  const save = (text: string, name = 'compose.yaml'): void => session.write(name, text);
  const inspect = (name: string): ContainerInspect =>
    (JSON.parse(must(`docker inspect ${name}`)) as [ContainerInspect])[0];
  must('mkdir app && cd app');
  if (file !== undefined) save(file);
  return { session, type, must, piped, save, inspect };
}
