import { goQuote } from '../../../../go/quote.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { readSelector } from '../../../apimachinery/selector-syntax.ts';
import { canonicalQuantity } from '../../../apimachinery/quantity.ts';
import { fatal, type Session, type Step } from '../../session.ts';
import { oneFound } from '../../targets.ts';
import { compact, creator, type Plain } from './creator.ts';

/** `kubectl create deployment|job|cronjob|pdb|priorityclass|quota` (kubectl/pkg/cmd/create, v1.36). */
const commandOf = ({ words }: Session): readonly string[] | undefined =>
  words.length > 1 ? words.slice(1) : undefined;

export const createDeployment = creator({
  resource: 'deployments',
  prefix: 'failed to create deployment: ',
  *check(session) {
    if (session.flags.all('image').length > 1 && session.words.length > 1) {
      yield* fatal(session, 'cannot specify multiple --image options and command');
    }
  },
  *build(session, name) {
    const { flags } = session;
    const port = flags.number('port');
    const containers = flags.all('image').map((image, i) =>
      compact({
        name: containerName(image),
        image,
        command: commandOf(session),
        ports: i === 0 && port >= 0 ? [{ containerPort: port }] : undefined,
        resources: {},
      }),
    );
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers } };
    const selector = { matchLabels: labels };
    const replicas = flags.number('replicas');
    const fields = { spec: { replicas, selector, template, strategy: {} }, status: {} };
    return { labels, fields };
  },
});

/**
 * The last part of an image's name, without tag and digest.
 *
 * Simplified: where the real one adds five random letters, five are made from the name itself, so
 * that the same command makes the same object.
 */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  const name = last.replace(/[:@].*$/s, '');
  if (!/[_.]/.test(name)) return name;
  return `${name.replace(/[_.]/g, '-')}-${lettersOf(image)}`;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function lettersOf(text: string): string {
  let state = 7;
  for (const char of text) state = (state * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  let letters = '';
  for (let i = 0; i < 5; i++) {
    letters += LETTERS.charAt(state % LETTERS.length);
    state = (state * 131 + 17) % 1_000_003;
  }
  return letters;
}

export const createJob = creator({
  resource: 'jobs',
  prefix: 'failed to create job: ',
  *check(session) {
    const [image, from] = [session.flags.text('image'), session.flags.text('from')];
    if ((image === '') === (from === '')) {
      yield* fatal(session, 'either --image or --from must be specified');
    }
    if (from !== '' && session.words.length > 1) {
      yield* fatal(session, 'cannot specify --from and command');
    }
  },
  *build(session, name) {
    const image = session.flags.text('image');
    if (image === '') return yield* jobFromCronJob(session);
    const container = compact({ name, image, command: commandOf(session), resources: {} });
    const spec = { containers: [container], restartPolicy: 'Never' };
    return { fields: { spec: { template: { metadata: {}, spec } }, status: {} } };
  },
});

function* jobFromCronJob(
  session: Session,
): Step<{ labels?: Plain; annotations: Plain; owners: Plain[]; fields: Plain }> {
  const found = yield* oneFound(session, { words: [session.flags.text('from')] });
  const cronJob = found.object as KubeObject & {
    spec: { jobTemplate: { metadata?: { labels?: Plain; annotations?: Plain }; spec: unknown } };
  };
  if (found.info.resource !== 'cronjobs') {
    return yield* fatal(session, `unknown object type *v1.${found.info.kind}`);
  }
  const { metadata: from = {}, spec } = cronJob.spec.jobTemplate;
  const { name, uid } = cronJob.metadata;
  return {
    ...(from.labels && { labels: from.labels }),
    annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...from.annotations },
    owners: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    fields: { spec, status: {} },
  };
}

export const createCronJob = creator({
  resource: 'cronjobs',
  prefix: 'failed to create cronjob: ',
  *build(session, name) {
    const { flags } = session;
    const image = flags.text('image');
    const container = compact({ name, image, command: commandOf(session), resources: {} });
    const restartPolicy = flags.text('restart') || 'OnFailure';
    const pod = { metadata: {}, spec: { containers: [container], restartPolicy } };
    const jobTemplate = { metadata: { name }, spec: { template: pod } };
    return { fields: { spec: { schedule: flags.text('schedule'), jobTemplate }, status: {} } };
  },
});

export const createDisruptionBudget = creator({
  resource: 'poddisruptionbudgets',
  prefix: 'failed to create poddisruptionbudgets: ',
  *check(session) {
    const { flags } = session;
    const min = flags.text('min-available');
    const max = flags.text('max-unavailable');
    if (flags.text('selector') === '') yield* fatal(session, 'a selector must be specified');
    if (min === '' && max === '') {
      yield* fatal(session, 'one of min-available or max-unavailable must be specified');
    }
    if (min !== '' && max !== '') {
      yield* fatal(session, 'min-available and max-unavailable cannot be both specified');
    }
    for (const [name, value] of [
      ['min-available', min],
      ['max-unavailable', max],
    ] as const) {
      if (value !== '' && !/^[0-9]+%?$/.test(value)) {
        yield* fatal(session, `invalid format specified for ${name}`);
      }
    }
  },
  *build(session) {
    const { flags } = session;
    const selector = yield* readLabelSelector(session, flags.text('selector'));
    const amount = (name: string): string | number | undefined => {
      const text = flags.text(name);
      if (text === '') return undefined;
      return text.endsWith('%') ? text : Number(text);
    };
    const [minAvailable, maxUnavailable] = [amount('min-available'), amount('max-unavailable')];
    const status = {
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
    };
    return { fields: { spec: compact({ minAvailable, selector, maxUnavailable }), status } };
  },
});

const UNSUPPORTED: Readonly<Record<string, string>> = { Gt: 'gt', Lt: 'lt' };

/** A selector as objects carry it (apimachinery/pkg/apis/meta/v1/helpers.go `ParseToLabelSelector`). */
export function* readLabelSelector(session: Session, text: string): Step<Plain> {
  const selector = readSelector(text);
  if ('error' in selector) {
    const why = `couldn't parse the selector string ${goQuote(text)}: ${selector.error}`;
    return yield* fatal(session, why);
  }
  const words = text.split(/,(?![^(]*\))/).map((word) => word.trim());
  const isWritten = (key: string, sign: string): boolean =>
    words.some((word) => word.startsWith(key) && word.slice(key.length).trim().startsWith(sign));
  const labels = new Map<string, string>();
  const expressions: Plain[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) labels.set(key, value);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'In' && values.length === 1 && isWritten(key, '=')) {
      labels.set(key, values[0] ?? '');
      continue;
    }
    const sign = UNSUPPORTED[operator];
    if (sign !== undefined) {
      yield* fatal(session, `${goQuote(sign)} isn't supported in label selectors`);
    }
    if (operator === 'NotIn' && isWritten(key, '!=')) {
      yield* fatal(session, '"!=" is not a valid label selector operator');
    }
    expressions.push(compact({ key, operator, values: values.length > 0 ? values : undefined }));
  }
  return compact({
    matchLabels: labels.size > 0 ? Object.fromEntries(labels) : undefined,
    matchExpressions: expressions.length > 0 ? expressions : undefined,
  });
}

export const createPriorityClass = creator({
  resource: 'priorityclasses',
  prefix: 'failed to create priorityclass: ',
  *build({ flags }) {
    const fields = compact({
      value: flags.number('value'),
      globalDefault: flags.has('global-default') ? true : undefined,
      description: flags.text('description') || undefined,
      preemptionPolicy: flags.text('preemption-policy'),
    });
    return { fields };
  },
});

/** Amounts of resources by name: `{ cpu: '200m' }`. */
export type Amounts = Readonly<Record<string, string>>;

const QUANTITY_FORM =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** `cpu=200m,memory=1Gi`; ends with what is wrong with it. */
export function* readResourceList(session: Session, text: string): Step<Amounts | undefined> {
  if (text === '') return undefined;
  const amounts = new Map<string, string>();
  for (const pair of text.split(',')) {
    const parts = pair.split('=');
    if (parts.length !== 2) {
      yield* fatal(session, `Invalid argument syntax ${pair}, expected <resource>=<value>`);
    }
    const [name = '', value = ''] = parts;
    const amount = canonicalQuantity(value);
    if (amount === undefined) yield* fatal(session, QUANTITY_FORM);
    amounts.set(name, amount ?? '');
  }
  return Object.fromEntries([...amounts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const createQuota = creator({
  resource: 'resourcequotas',
  prefix: 'failed to create quota: ',
  *build(session) {
    const { flags } = session;
    const hard = yield* readResourceList(session, flags.text('hard'));
    const scopes = flags.text('scopes') === '' ? undefined : flags.text('scopes').split(',');
    if (scopes?.includes('')) yield* fatal(session, 'invalid resource quota scope ""');
    return { fields: { spec: compact({ hard, scopes }), status: {} } };
  },
});
