import { expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

/** A workstation that has pushed an image to the company's registry, which wants a password. */
const IMAGE = 'registry.example.com/team/web:1.0';

function company() {
  const { session, sh } = scenario();
  sh('docker pull busybox:1.37');
  sh(`docker tag busybox:1.37 ${IMAGE}`);
  sh('echo secret | docker login -u dev --password-stdin registry.example.com');
  sh(`docker push ${IMAGE}`);
  /** A Pod of that image on node-1. */
  const run = (name: string, secret?: string): string => {
    const imagePullSecrets = secret === undefined ? {} : { imagePullSecrets: [{ name: secret }] };
    const spec = JSON.stringify({ spec: { nodeName: 'node-1', ...imagePullSecrets } });
    return sh(`kubectl run ${name} --image=${IMAGE} --overrides='${spec}' -- sleep 1000`);
  };
  const secret = (name: string, password: string): string =>
    sh(
      `kubectl create secret docker-registry ${name} --docker-server=registry.example.com ` +
        `--docker-username=dev --docker-password=${password}`,
    );
  const reason = (name: string): string =>
    sh(`kubectl get pod ${name} --no-headers`).split(/ +/)[2] ?? '';
  return { session, sh, run, secret, reason };
}

const FAILED =
  `Failed to pull image "${IMAGE}": rpc error: code = Unknown desc = ` +
  `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": `;

it('a Secret mends a Pod that may not pull its image', () => {
  const { sh, run, secret, reason } = company();
  run('web', 'regcred');
  sh('sleep 5s');
  expect(reason('web')).toBe('ImagePullBackOff');
  const told = sh('kubectl describe pod web');
  expect(told).toContain(
    `${FAILED}pull access denied, repository does not exist or may require authorization: ` +
      'authorization failed: no basic auth credentials',
  );
  expect(told).toContain(
    'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not ' +
      'succeed.',
  );
  secret('regcred', 'secret');
  sh('sleep 30s');
  expect(reason('web')).toBe('Running');
});

it('a wrong password is refused in other words', () => {
  const { sh, run, secret } = company();
  secret('wrong', 'guess');
  run('web', 'wrong');
  sh('sleep 5s');
  expect(sh('kubectl describe pod web')).toContain(
    `${FAILED}unexpected status from HEAD request to ` +
      'https://registry.example.com/v2/team/web/manifests/1.0: 401 Unauthorized',
  );
});

it('an image that took a password to pull is not for others on that node', () => {
  const { sh, run, secret, reason } = company();
  secret('regcred', 'secret');
  secret('same', 'secret');
  run('first', 'regcred');
  sh('sleep 10s');
  expect(reason('first')).toBe('Running');
  run('stranger');
  run('second', 'same');
  sh('sleep 10s');
  expect(reason('second')).toBe('Running');
  expect(sh('kubectl describe pod second')).toContain(
    `Container image "${IMAGE}" already present on machine and can be accessed by the pod`,
  );
  expect(reason('stranger')).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
});

it('a ServiceAccount gives its Pods its Secrets', () => {
  const { sh, run, secret, reason } = company();
  secret('regcred', 'secret');
  sh(`kubectl patch serviceaccount default -p '{"imagePullSecrets":[{"name":"regcred"}]}'`);
  run('web');
  sh('sleep 10s');
  expect(reason('web')).toBe('Running');
});
