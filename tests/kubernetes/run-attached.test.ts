import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A Pod that ends between the news that it runs and kubectl's request to attach to it. */
const RUNS = 6;
const WARNING =
  "warning: couldn't attach to pod/ask, falling back to streaming logs: Internal error occurred: " +
  'unable to upgrade connection: container ask not found in pod ask_default\n';

it('shows what a Pod wrote that ended before kubectl run could attach to it', () => {
  const session = new Session({ preset: 'cluster', seed: 1 });
  session.type('kubectl create deployment web --image=nginx:1.29-alpine --replicas=3');
  session.type('kubectl expose deployment web --port 80');
  session.type('kubectl rollout status deployment/web');
  const ask =
    'kubectl run ask --rm -i -q --restart=Never --image=nginx:1.29-alpine -- ' +
    "curl -s -o /dev/null -w 'code %{http_code}\\n' web";
  const answers = Array.from({ length: RUNS }, () => session.type(ask));
  const late = answers.filter(({ printed }) => printed.startsWith(WARNING));
  expect(late.length).toBeGreaterThan(0);
  for (const { printed, exitCode } of answers) {
    const rest = printed.replace(WARNING, '');
    expect({ rest, exitCode }).toEqual({
      rest: 'code 200\npod "ask" deleted from default namespace\n',
      exitCode: 0,
    });
  }
});
