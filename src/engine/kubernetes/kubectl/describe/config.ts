import type { Namespace } from '../../api/cluster-objects.ts';
import {
  SECRET_SERVICE_ACCOUNT_TOKEN,
  type ConfigMap,
  type LimitRange,
  type LimitRangeItem,
  type PriorityClass,
  type ResourceQuota,
  type Secret,
  type ServiceAccount,
} from '../../api/config.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import { formatQuantity, quantityOf, ZERO } from '../../apimachinery/quantity.ts';
import type { Describer } from './around.ts';
import { describeEvents } from './events.ts';
import { annotationColumn, by, fullTime, head, labelColumn, Text } from './text.ts';

/** Configuration, and what a namespace is limited to (`describeSecret`, `describeQuota`, …). */
export const configMap: Describer<ConfigMap> = {
  text(object, { events, nowMs }) {
    const { data = {}, binaryData = {} } = object;
    const text = new Text();
    head(text, object);
    text.line(0, '\nData\n====');
    for (const key of Object.keys(data).sort()) {
      text.line(0, `${key}:\n----`);
      text.line(0, `${data[key] ?? ''}\n`);
    }
    text.line(0, '\nBinaryData\n====');
    for (const key of Object.keys(binaryData).sort()) {
      text.line(0, `${key}: ${byteLength(binaryData[key] ?? '')} bytes`);
    }
    text.line(0, '');
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

/** How many bytes base64 stands for. */
const byteLength = (base64: string): number =>
  Math.floor((base64.replace(/=+$/, '').length * 3) / 4);

export const secret: Describer<Secret> = {
  silent: true,
  text(object) {
    const { data = {}, type = '' } = object;
    const text = new Text();
    head(text, object);
    text.line(0, `\nType:\t${type}`);
    text.line(0, '\nData\n====');
    for (const key of Object.keys(data).sort()) {
      const value = data[key] ?? '';
      const shown = key === 'token' && type === SECRET_SERVICE_ACCOUNT_TOKEN;
      text.line(0, `${key}:\t${shown ? atob(value) : `${byteLength(value)} bytes`}`);
    }
    return text.toString();
  },
};

export const serviceAccount: Describer<ServiceAccount> = {
  text(object, { events, nowMs }) {
    const text = new Text();
    head(text, object);
    const title = 'Image pull secrets:';
    const names = (object.imagePullSecrets ?? []).map(({ name = '' }) => name);
    text.line(0, `${title}\t${names[0] ?? '<none>'}`);
    for (const name of names.slice(1)) text.line(0, `${' '.repeat(title.length)}\t${name}`);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

export const priorityClass: Describer<PriorityClass> = {
  text(object, { events, nowMs }) {
    const { metadata, value, globalDefault = false, preemptionPolicy = '' } = object;
    const { annotations } = metadata;
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    text.line(0, `Value:\t${value}`);
    text.line(0, `GlobalDefault:\t${globalDefault}`);
    text.line(0, `PreemptionPolicy:\t${preemptionPolicy}`);
    text.line(0, `Description:\t${object.description ?? ''}`);
    text.line(0, `Annotations:\t${formatSelector(annotations && { matchLabels: annotations })}`);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

const SCOPE_HELP: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function describeScopes(text: Text, { spec }: ResourceQuota, level: number, mark: string): void {
  const scopes = (spec.scopes ?? []).toSorted();
  if (scopes.length === 0) return;
  text.line(level, `Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes) {
    const help = SCOPE_HELP[scope];
    if (help) text.line(level, `${mark}${help}`);
  }
}

function describeUsage(text: Text, { status }: ResourceQuota, level: number): void {
  const { hard = {}, used = {} } = status;
  for (const name of Object.keys(hard).sort()) {
    const limit = hard[name] ?? 0;
    text.line(level, `${name}\t${inFormatOf(limit, used[name] ?? 0)}\t${limit}`);
  }
}

/** What is used, in powers of two or of ten as the limit is written. */
function inFormatOf(limit: string | number, used: string | number): string {
  const { format } = quantityOf(limit) ?? ZERO;
  const amount = quantityOf(used) ?? ZERO;
  return amount.format === format ? String(used) : formatQuantity({ ...amount, format });
}

export const resourceQuota: Describer<ResourceQuota> = {
  silent: true,
  text(object) {
    const text = new Text();
    text.line(0, `Name:\t${object.metadata.name}`);
    text.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
    describeScopes(text, object, 0, ' * ');
    text.line(0, 'Resource\tUsed\tHard');
    text.line(0, '--------\t----\t----');
    describeUsage(text, object, 0);
    return text.toString();
  },
};

const LIMIT_COLUMNS =
  'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const LIMIT_RULE =
  '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

export const limitRange: Describer<LimitRange> = {
  silent: true,
  text(object) {
    const text = new Text();
    text.line(0, `Name:\t${object.metadata.name}`);
    text.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
    text.line(0, LIMIT_COLUMNS);
    text.line(0, LIMIT_RULE);
    for (const item of object.spec.limits) describeLimits(text, item, '');
    return text.toString();
  },
};

/** Upstream takes the resources in the order of a Go map, which is none; here they are sorted. */
function describeLimits(text: Text, item: LimitRangeItem, prefix: string): void {
  const { type, min, max, defaultRequest, default: limit, maxLimitRequestRatio: ratio } = item;
  const lists = [min, max, defaultRequest, limit, ratio];
  const names = new Set(lists.flatMap((list) => Object.keys(list ?? {})).sort());
  for (const name of names) {
    text.line(
      0,
      [`${prefix}${type}`, name, ...lists.map((list) => list?.[name] ?? '-')].join('\t'),
    );
  }
}

export const namespace: Describer<Namespace> = {
  silent: true,
  needs: ({ metadata: { name } }) => [
    { resource: 'resourcequotas', namespace: name },
    { resource: 'limitranges', namespace: name },
  ],
  text({ metadata, status }, { all }) {
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    labelColumn(text, 'Labels', metadata.labels);
    annotationColumn(text, 'Annotations', metadata.annotations);
    text.line(0, `Status:\t${status.phase}`);
    const { conditions = [] } = status;
    if (conditions.length > 0) {
      text.line(0, 'Conditions:');
      text.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
      text.line(1, '----\t------\t------------------\t------\t-------');
    }
    for (const { type, status: is, lastTransitionTime, reason = '', message = '' } of conditions) {
      text.line(1, [type, is, fullTime(lastTransitionTime), reason, message].join('\t'));
    }
    text.line(0, '');
    describeQuotas(text, all('resourcequotas'));
    text.line(0, '');
    describeLimitRanges(text, all('limitranges'));
    return text.toString();
  },
};

function describeQuotas(text: Text, quotas: readonly ResourceQuota[]): void {
  if (quotas.length === 0) return text.line(0, 'No resource quota.');
  text.line(0, 'Resource Quotas');
  for (const quota of quotas.toSorted(by(({ metadata }) => metadata.name))) {
    text.line(1, `Name:\t${quota.metadata.name}`);
    describeScopes(text, quota, 1, '* ');
    text.line(1, 'Resource\tUsed\tHard');
    text.line(1, '--------\t---\t---');
    describeUsage(text, quota, 1);
  }
}

function describeLimitRanges(text: Text, ranges: readonly LimitRange[]): void {
  if (ranges.length === 0) return text.line(0, 'No LimitRange resource.');
  text.line(0, `Resource Limits\n ${LIMIT_COLUMNS}`);
  text.line(0, ` ${LIMIT_RULE}`);
  for (const item of ranges.flatMap(({ spec }) => spec.limits)) describeLimits(text, item, ' ');
}
