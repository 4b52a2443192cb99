import { expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

it('a log over 10Mi begins anew', () => {
  const { session, sh } = scenario();
  // A megabyte in a hundred lines, each time somebody asks for it.
  const line = 'x'.repeat(10_000);
  session.write(
    'chatty.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: chatty }
spec:
  containers:
    - name: app
      image: alpine:3.22
      command:
        - sh
        - -c
        - |
          while true; do
            if [ -f /go ]; then rm /go; for i in $(seq 1 100); do echo "$i ${line}"; done; fi
            sleep 1
          done
`,
  );
  sh('kubectl apply -f chatty.yaml');
  sh('sleep 15s');
  const lines = () => Number(sh('kubectl logs chatty | wc -l'));
  const more = () => {
    sh('kubectl exec chatty -- touch /go');
    sh('sleep 15s');
  };
  for (let i = 0; i < 10; i++) more();
  expect(lines()).toBe(1000);
  more();
  // Within ten seconds after it has grown too long, a new file is begun.
  sh('sleep 10s');
  expect(lines()).toBe(0);
  more();
  expect(lines()).toBe(100);
  expect(sh('kubectl logs chatty').slice(0, 4)).toBe('1 xx');
});

it('what the instance before wrote can be read, and nothing of those before it', () => {
  const { session, sh } = scenario();
  session.write(
    'failing.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: failing }
spec:
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: app
      image: alpine:3.22
      volumeMounts: [{ name: data, mountPath: /data }]
      command: [sh, -c, 'echo run >> /data/runs; wc -l < /data/runs; sleep 20; exit 1']
`,
  );
  sh('kubectl apply -f failing.yaml');
  sh('sleep 10s');
  expect(sh('kubectl logs failing')).toBe('1\n');
  expect(sh('kubectl logs failing --previous')).toContain(
    'previous terminated container "app" in pod "failing" not found',
  );
  sh('sleep 50s');
  expect(sh('kubectl get pod failing --no-headers')).toMatch(/Running +2 /);
  expect(sh('kubectl logs failing')).toBe('3\n');
  expect(sh('kubectl logs failing --previous')).toBe('2\n');
});
