import { describe, expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

/** A web application, its database and its cache: three Services that find each other by name. */
function shop() {
  const { session, sh, code } = scenario('web-db-redis.yaml');
  sh('kubectl apply -f web-db-redis.yaml');
  expect(code('kubectl rollout status deployment/web')).toBe(0);
  sh('kubectl run box --image=curlimages/curl:8.17.0 --command -- sleep 360000');
  sh('kubectl wait --for=condition=Ready pod/box');
  const ask = () =>
    sh('kubectl exec box -- curl -s -m 5 -o /dev/null -w "%{http_code}" http://web').slice(0, 3);
  const redis = (words: string) => sh(`kubectl exec deploy/cache -- redis-cli -h cache ${words}`);
  const databases = (password: string) =>
    sh(`kubectl exec db-0 -- mysql -hdb-0.db -uroot -p${password} -e 'show databases'`);
  const readyWebs = () =>
    sh('kubectl get pods -l app=web --no-headers').match(/1\/1 +Running/g)?.length ?? 0;
  return { session, sh, code, ask, redis, databases, readyWebs };
}

describe('web, database and cache', () => {
  it('start in the order in which they need each other, and know their settings', () => {
    const { sh, ask, databases } = shop();
    expect(ask()).toBe('200');
    const env = sh('kubectl exec box -- curl -s http://web/env');
    expect(env).toContain('\nMESSAGE=welcome\n');
    expect(env).toContain('\nDB_PASSWORD=sesame\n');
    // The web waited for its database: its init container failed until there was one.
    expect(sh('kubectl describe pods -l app=web')).toMatch(/wait-for-db:[^]*Restart Count: +[1-9]/);
    expect(databases('sesame')).toContain('\nshop\n');
    expect(databases('wrong')).toContain('ERROR 1045 (28000): Access denied');
    expect(sh(`kubectl get secret db -o jsonpath='{.data.password}'`)).toBe('c2VzYW1l');
  });

  it('let no request through to a web whose database is away, and go on when it is back', () => {
    const { sh, code, ask, databases, readyWebs } = shop();
    sh('kubectl scale statefulset db --replicas=0');
    sh('sleep 30');
    expect(readyWebs()).toBe(0);
    expect(ask()).toBe('000');
    expect(sh('kubectl get events')).toContain("Readiness probe failed: nc: bad address 'db-0.db'");
    // Nobody restarts a web for what its database does.
    expect(sh('kubectl get pods -l app=web --no-headers')).toMatch(/0\/1 +Running +0 /);
    sh('kubectl scale statefulset db --replicas=1');
    expect(code('kubectl rollout status statefulset/db')).toBe(0);
    expect(code('kubectl rollout status deployment/web')).toBe(0);
    expect([readyWebs(), ask()]).toEqual([2, '200']);
    expect(databases('sesame')).toContain('\nshop\n');
  });

  it('survive the death of a web Pod without a failure; the cache forgets', () => {
    const { sh, ask, redis, code } = shop();
    expect([redis('set greeting hello'), redis('get greeting')]).toEqual(['OK\n', 'hello\n']);
    const name = sh(`kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'`);
    sh(`kubectl delete pod ${name} --wait=false`);
    sh('sleep 2');
    for (let i = 0; i < 10; i++) expect(ask()).toBe('200');
    sh('kubectl delete pod -l app=cache');
    expect(code('kubectl rollout status deployment/cache')).toBe(0);
    expect(redis('get greeting').trim()).toBe('');
  });

  it('take a new password with a restart, and not before', () => {
    const { sh, code } = shop();
    const password = () =>
      /DB_PASSWORD=(.*)/.exec(sh('kubectl exec box -- curl -s http://web/env'))?.[1];
    sh(`kubectl patch secret db -p '{"stringData":{"password":"open"}}'`);
    sh('sleep 120');
    expect(password()).toBe('sesame');
    sh('kubectl rollout restart deployment/web');
    expect(code('kubectl rollout status deployment/web')).toBe(0);
    sh('sleep 5');
    expect(password()).toBe('open');
  });
});
