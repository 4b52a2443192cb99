import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/diagram/inspect.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';
import { podsOf } from './pods-at.ts';

const ID = 'orchestration/apply';
const lived = live(ID);
const { playback, during, endOf } = lived;
const { records } = playback;
const last = records.length - 1;
const kindOf = (object: string) => object.replace(/ .*/, '');
const asked = records.filter(({ flow }) => flow?.channel === 'api' && flow.to === 'apiserver');

describe('what one kubectl apply sets off', () => {
  it('is one step of each component, in this order', () => {
    const order = asked.map(({ actor, verb, object }) => `${actor} ${verb} ${kindOf(object)}`);
    expect(order).toEqual([
      'kubectl create Deployment',
      'deployment-controller create ReplicaSet',
      'replicaset-controller create Pod',
      'scheduler bind Pod',
    ]);
  });

  it('goes by the API server alone: nobody else speaks with another, or with etcd', () => {
    const inCluster = records.flatMap(({ flow }) =>
      flow?.channel === 'api' || flow?.channel === 'watch' ? [flow] : [],
    );
    expect(inCluster.length).toBeGreaterThan(10);
    for (const { from, to } of inCluster) expect([from, to]).toContain('apiserver');
    const toEtcd = inCluster.filter(({ to }) => to === 'etcd');
    expect(toEtcd).toHaveLength(asked.length);
  });

  it('writes to etcd before anybody hears of it', () => {
    for (const { id } of asked) {
      const at = records.findIndex((record) => record.id === id);
      const [store, notify] = records.slice(at + 1);
      expect(store).toMatchObject({ actor: 'apiserver', verb: 'store' });
      expect(notify).toMatchObject({ actor: 'apiserver', verb: 'notify' });
    }
  });

  it('lets kubectl return before a container runs', () => {
    expect(podsOf(playback.worldAt(endOf('apply'))).ready).toEqual([]);
    expect(podsOf(playback.worldAt(last)).ready).toHaveLength(1);
    const started = during('wait').filter(({ reason }) => reason === 'Started');
    expect(started).toHaveLength(1);
  });

  it('can be followed back from the Pod to the command', () => {
    const world = playback.worldAt(last);
    const [pod] = podsOf(world).ready;
    const { why } = inspect(world, `Pod default/${pod?.metadata.name}`, 'en');
    expect(why[0]).toMatchObject({ actor: 'developer', object: 'kubectl apply -f web.yaml' });
    const actors = why.map(({ actor }) => actor);
    const writers = ['kubectl', 'deployment-controller', 'replicaset-controller', 'scheduler'];
    expect(actors.filter((actor) => writers.includes(actor))).toEqual(
      expect.arrayContaining(writers),
    );
  });

  it.each(locales)('is shown by its figure, all of it (%s)', (locale) => {
    const page = 'orchestration/cluster-architecture';
    const { figure, faults } = figureOn(locale, page, 'apply-sets-off', lived);
    expect(faults).toEqual([]);
    const states = records.map((_, step) => figure.viewAt(step).nodes.pod?.state);
    const seen = states.filter((state, step) => state !== states[step - 1]);
    expect(seen).toEqual(['empty', 'pending', 'starting', 'running']);
    expect(figure.viewAt(last).nodes.web).toMatchObject({ state: 'running', badge: '1/1' });
    for (const { object } of Object.values(figure.viewAt(last).nodes)) {
      expect(inspect(playback.worldAt(last), object ?? '', locale).whatItIs, object).not.toBe('');
    }
  });

  isAStory(lived);
});
