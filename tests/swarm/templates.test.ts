import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

/** What is filled in where a task runs. */
function room() {
  const swarm = swarmSession();
  swarm.found(1, 1);
  const { must, type, pass } = swarm;
  const create = (flags: string): string => {
    const printed = type(`docker service create -d ${flags} nginx:1.29-alpine`);
    pass(10);
    return printed;
  };
  /** In the one container of a service that runs on node-2. */
  const inside = (command: string): string =>
    must(`ssh node-2 "docker exec \\$(docker ps -q) ${command}"`);
  return { ...swarm, create, inside };
}

const ON_TWO = '--constraint node.hostname==node-2';

describe('a template', () => {
  it('is filled in for host name, environment and mounts', () => {
    const { create, inside, must, nodeId } = room();
    const env = '--env \'WHO={{.Service.Name}} {{.Task.Slot}} {{join "-" .Node.ID "x"}}\'';
    const mount =
      "--mount 'type=volume,source={{.Service.Name}}-{{.Task.Slot}},target=/{{.Task.Slot}}'";
    create(`--name web ${ON_TWO} --hostname '{{.Node.Hostname}}-{{.Task.Slot}}' ${env} ${mount}`);
    expect(inside('hostname')).toBe('node-2-1\n');
    expect(inside('printenv WHO')).toBe(`web 1 ${nodeId('node-2')}-x\n`);
    expect(inside('ls -d /1')).toBe('/1\n');
    expect(must('ssh node-2 docker volume ls -q')).toBe('web-1\n');
  });

  it.each([
    [
      '--hostname {{.Frob}}',
      'hostname',
      "<.Frob>: can't evaluate field Frob in type *template.Context",
    ],
    ['--env A={{.Service.Labels.x}}', 'env', '<.Service.Labels.x>: map has no entry for key "x"'],
  ])('that names what there is not is refused: %s', (flag, what, why) => {
    const { create } = room();
    const printed = create(`--label x=y ${flag}`);
    expect(printed).toContain(`desc = expanding ${what} failed: `);
    expect(printed).toContain(`executing "expansion" at ${why}\n`);
  });

  it('is filled in for secrets and configs that have a driver, with others of the task', () => {
    const { create, inside, must } = room();
    must("printf 'pass' | docker secret create plain -");
    must("printf 'conf' | docker config create other -");
    must(
      `printf '{{.Service.Name}} {{env "B"}} {{secret "plain"}} {{config "/o"}} [{{.Node.Hostname}}]' > t`,
    );
    must('docker config create --template-driver golang filled t');
    must('docker config create bare t');
    must('docker secret create --template-driver golang deep t');
    create(
      `--name web ${ON_TWO} --env B=bee --secret plain --secret deep ` +
        '--config filled --config source=bare,target=/b --config source=other,target=/o',
    );
    const expected = 'web bee pass conf []';
    expect(inside('cat /filled')).toBe(expected);
    expect(inside('cat /run/secrets/deep')).toBe(expected);
    expect(inside('cat /b')).toContain('{{.Service.Name}}');
  });

  it('that cannot be filled in has the task rejected', () => {
    const { create, must } = room();
    must(`printf '{{secret "gone"}}' | docker config create --template-driver golang bad -`);
    must("printf 'x' | docker config create --template-driver frob odd -");
    create('--name web --restart-condition none --config bad');
    create('--name other --restart-condition none --config odd');
    const error = (name: string): string =>
      must(`docker service ps --no-trunc --format '{{.CurrentState}} {{.Error}}' ${name}`);
    expect(error('web')).toMatch(
      /^Rejected .*: error calling secret: secret target gone not found"\n$/,
    );
    expect(error('other')).toMatch(/^Rejected .*: unrecognized template type"\n$/);
  });
});
