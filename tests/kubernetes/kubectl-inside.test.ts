import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What needs a machine with a shell: an editor, a browser on the forwarded port. */
function workstation() {
  const session = new Session({ preset: 'cluster', seed: 7 });
  const sh = (line: string): string => session.type(line).printed;
  sh('kubectl create deployment web --image=nginx:1.29-alpine --port=80');
  sh('kubectl rollout status deployment/web');
  return { session, sh };
}

describe('kubectl edit', () => {
  it('saves what the editor changed, and says when that is nothing', () => {
    const { session, sh } = workstation();
    const edit = (editor: string) =>
      session.type(`KUBE_EDITOR="${editor}" kubectl edit deploy web`);
    expect(edit('sed -i s/replicas:.1/replicas:\\ 2/').printed).toBe(
      'deployment.apps/web edited\n',
    );
    expect(sh('kubectl get deploy web -o jsonpath={.spec.replicas}')).toBe('2');
    expect(edit('true')).toEqual({ printed: 'Edit cancelled, no changes made.\n', exitCode: 0 });
    expect(edit('nosuch').printed).toBe('error: unable to launch the editor "nosuch"\n');
    expect(edit('false').printed).toBe('error: there was a problem with the editor "false"\n');
  });

  it('opens the file again when the server refuses it, and keeps a copy in the end', () => {
    const { session } = workstation();
    const { printed, exitCode } = session.type(
      'KUBE_EDITOR="sed -i s/replicas:.1/replicas:\\ x/" kubectl edit deploy web',
    );
    expect(exitCode).toBe(1);
    expect(printed).toMatch(
      new RegExp(
        '^error: deployments\\.apps "web" is invalid\n' +
          'A copy of your changes has been stored to "/tmp/kubectl-edit-\\d+\\.yaml"\n' +
          'error: Edit cancelled, no valid changes were saved\\.\n$',
      ),
    );
  });
});

describe('kubectl port-forward', () => {
  it('leads to a Pod for as long as it runs', () => {
    const { sh } = workstation();
    sh('kubectl expose deployment web --port=8000 --target-port=80');
    sh('kubectl port-forward svc/web 8080:8000 > forward.log 2>&1 &');
    sh('sleep 2');
    expect(sh('curl -s http://localhost:8080/')).toContain('Welcome to nginx!');
    expect(sh('cat forward.log')).toBe(
      'Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n' +
        'Handling connection for 8080\n',
    );
    expect(sh('kubectl port-forward deploy/web 8080:80')).toContain(
      'error: unable to listen on any of the requested ports: [{8080 80}]\n',
    );
    expect(sh('kubectl port-forward svc/web 8081:81')).toBe(
      'error: Service web does not have a service port 81\n',
    );
    sh('kill %1');
    sh('sleep 1');
    expect(sh('curl -s http://localhost:8080/; echo $?')).toMatch(/7\n$/);
  });

  it('ends when the Pod is lost', () => {
    const { sh } = workstation();
    sh('kubectl port-forward deploy/web 8080:80 > forward.log 2>&1 &');
    sh('sleep 1');
    sh('kubectl delete pod -l app=web');
    sh('sleep 1');
    expect(sh('cat forward.log')).toMatch(/\nerror: lost connection to pod\n$/);
    expect(sh('curl -s http://localhost:8080/; echo $?')).toMatch(/7\n$/);
  });
});

it('kubectl apply set-last-applied writes what view-last-applied shows', () => {
  const { session, sh } = workstation();
  session.write(
    'cm.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: c\n',
  );
  sh('kubectl create -f cm.yaml');
  expect(sh('kubectl apply set-last-applied -f cm.yaml')).toBe(
    'error: no last-applied-configuration annotation found on resource: a, to create the ' +
      'annotation, run the command with --create-annotation\n',
  );
  const set = 'kubectl apply set-last-applied -f cm.yaml --create-annotation';
  expect(sh(set)).toBe('configmap/a configured\n');
  expect(sh(set)).toBe('set-last-applied a: no changes required.\n');
  expect(sh('kubectl apply view-last-applied cm a')).toContain('  name: a\n');
});
