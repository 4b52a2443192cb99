import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** The API server as programs reach it: from Pods by its Service, from a workstation by address. */
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
const PODS = 'https://kubernetes.default.svc/api/v1/namespaces/default/pods';

function box() {
  const session = new Session({ preset: 'cluster', seed: 3 });
  const sh = (line: string): string => session.type(line).printed;
  sh('kubectl run box --image=curlimages/curl:8.17.0 --command -- sleep 36000');
  sh('kubectl wait --for=condition=Ready pod/box');
  const inBox = (line: string) => session.type(`kubectl exec box -- sh -c '${line}'`);
  return { session, sh, inBox };
}

const BEARER = `-H "Authorization: Bearer $(cat ${TOKEN}/token)"`;

describe('the API server on the network', () => {
  it('knows a Pod by the token of its service account', () => {
    const { sh, inBox } = box();
    const forbidden = JSON.parse(inBox(`curl -sk ${BEARER} ${PODS}`).printed) as object;
    expect(forbidden).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource ' +
        '"pods" in API group "" in the namespace "default"',
      reason: 'Forbidden',
      details: { kind: 'pods' },
      code: 403,
    });
    sh('kubectl create role reader --verb=list,get --resource=pods');
    sh('kubectl create rolebinding reader --role=reader --serviceaccount=default:default');
    const listed: unknown = JSON.parse(
      inBox(`curl -s --cacert ${TOKEN}/ca.crt ${BEARER} ${PODS}`).printed,
    );
    expect(listed).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'box' } }] });
    const status = '-o /dev/null -w "%{http_code}"';
    expect(inBox(`curl -sk ${status} ${BEARER} -X DELETE ${PODS}/box`).printed).toBe('403');
    expect(inBox(`curl -sk ${status} -H "Authorization: Bearer x" ${PODS}`).printed).toBe('401');
    expect(inBox(`curl -sk ${PODS}`).printed).toContain('User \\"system:anonymous\\" cannot list');
    const log = inBox(`curl -sk ${BEARER} ${PODS}/box`).printed;
    expect(JSON.parse(log)).toMatchObject({ kind: 'Pod', status: { phase: 'Running' } });
  });

  it('ends what a Pod may do with the Pod itself', () => {
    const { sh, inBox } = box();
    const token = inBox(`cat ${TOKEN}/token`).printed;
    const ask = `curl -sk -o /dev/null -w %{http_code} -H 'Authorization: Bearer ${token}' https://192.168.10.10:6443/api/v1/nodes`;
    expect(sh(ask)).toBe('403');
    sh('kubectl delete pod box --now');
    expect(sh(ask)).toBe('401');
  });

  it('shows a certificate that only the cluster vouches for', () => {
    const { session, sh, inBox } = box();
    const bare = session.type('curl https://192.168.10.10:6443/version');
    expect(bare.exitCode).toBe(60);
    expect(bare.printed).toContain(
      'curl: (60) SSL certificate problem: unable to get local issuer certificate\n',
    );
    expect(JSON.parse(sh('curl -sk https://192.168.10.10:6443/version'))).toMatchObject({
      gitVersion: 'v1.36.0',
    });
    expect(sh('curl -s http://192.168.10.10:6443/version')).toBe(
      'Client sent an HTTP request to an HTTPS server.\n',
    );
    const lost = inBox('curl -s --cacert /nothing https://kubernetes.default.svc/version');
    expect(lost.printed).toContain('command terminated with exit code 77');
  });

  it('refuses while it is stopped, and has its endpoint in the API', () => {
    const { session, sh } = box();
    expect(sh('kubectl get endpointslices')).toMatch(
      /^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\nkubernetes +IPv4 +6443 +192\.168\.10\.10 +/,
    );
    sh('drydock fault component kube-apiserver stop');
    const refused = session.type('curl -k https://192.168.10.10:6443/version');
    expect(refused.exitCode).toBe(7);
    sh('drydock fault component kube-apiserver start');
    expect(session.type('curl -sk https://192.168.10.10:6443/version').exitCode).toBe(0);
  });
});

describe('three API servers', () => {
  it('share a Service, which leaves out the one that is gone', () => {
    const session = new Session({ preset: 'cluster-ha', seed: 3 });
    const sh = (line: string): string => session.type(line).printed;
    const endpoints = () =>
      sh(`kubectl get endpointslice kubernetes -o jsonpath='{.endpoints[*].addresses[0]}'`);
    const all = endpoints();
    expect(all.split(' ')).toHaveLength(3);
    const lost = sh(
      `kubectl get node control-2 -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}'`,
    );
    expect(all).toContain(lost);
    sh('drydock fault machine control-2 down');
    sh('sleep 20');
    expect(endpoints().split(' ')).toEqual(all.split(' ').filter((ip) => ip !== lost));
    sh('drydock fault machine control-2 up');
    sh('sleep 20');
    expect(endpoints()).toBe(all);
  });
});
