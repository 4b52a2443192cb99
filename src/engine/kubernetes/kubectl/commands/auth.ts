import type { PolicyRule } from '../../api/rbac.ts';
import { resourceByWord } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { ruleRows } from '../describe/rbac.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import {
  call,
  connect,
  fail,
  fatal,
  print,
  printError,
  unreachable,
  type Session,
  type Step,
} from '../session.ts';
import { layOut } from '../text-table.ts';
import { oneName } from '../options.ts';

/** `kubectl auth can-i|whoami`, `kubectl create token` (kubectl/pkg/cmd/{auth,create}, v1.36). */
const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['use', 'bind', 'impersonate', '*', 'approve', 'sign', 'escalate', 'attest'],
];
const URL_VERBS = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];
const VIRTUAL = ['users', 'groups'];

interface Review extends KubeObject {
  readonly status?: {
    readonly allowed?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
  };
}

export function* canI(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.has('list')) return yield* listRules(session);
  if (words.length !== 2) {
    yield* fatal(
      session,
      'you must specify two arguments: verb resource or verb resource/resourceName.\n' +
        "See 'kubectl auth can-i -h' for help and examples.",
    );
  }
  const [verb = '', what = ''] = words;
  if (what.startsWith('/') && flags.text('subresource') !== '') {
    yield* fatal(session, '--subresource can not be used with NonResourceURL');
  }
  yield* connect(session);
  const spec = what.startsWith('/')
    ? yield* urlSpec(session, verb, what)
    : yield* resourceSpec(session, verb, what);
  if (flags.has('no-headers')) {
    yield* fatal(session, '--no-headers cannot be set without --list specified');
  }
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec,
  };
  const answer = yield* call(session, {
    verb: 'create',
    resource: 'selfsubjectaccessreviews',
    body,
  });
  if (!answer.ok) return yield* fail(session, answer.failure);
  const {
    allowed = false,
    reason = '',
    evaluationError = '',
  } = (answer.value as Review).status ?? {};
  const why = [reason, evaluationError].filter((text) => text !== '').map((text) => ` - ${text}`);
  if (!flags.has('quiet')) yield* print(session, allowed ? 'yes\n' : `no${why.join('')}\n`);
  return allowed ? 0 : 1;
}

function* urlSpec(session: Session, verb: string, path: string): Step<unknown> {
  if (!URL_VERBS.includes(verb)) {
    yield* printError(session, `Warning: verb '${verb}' is not a known verb\n\n`);
  }
  return { nonResourceAttributes: { verb, path } };
}

function* resourceSpec(session: Session, verb: string, what: string): Step<unknown> {
  const { flags } = session;
  const slash = what.indexOf('/');
  const word = slash === -1 ? what : what.slice(0, slash);
  const name = slash === -1 ? '' : what.slice(slash + 1);
  const info = word === '*' ? undefined : resourceByWord(word);
  if (!info && word !== '*' && !VIRTUAL.includes(word)) {
    const [resource = '', ...group] = word.split('.');
    const where = group.length > 0 ? ` in group '${group.join('.')}'` : '';
    const why = `the server doesn't have a resource type '${resource}'${where}`;
    yield* printError(session, `Warning: ${why}\n\n`);
  }
  const everywhere = flags.has('all-namespaces');
  if (info && !everywhere) {
    if (!info.namespaced) {
      const where = info.group ? ` in group '${info.group}'` : '';
      const why = `resource '${info.plural}' is not namespace scoped${where}`;
      yield* printError(session, `Warning: ${why}\n\n`);
    }
    if (!VERBS.includes(verb)) {
      yield* printError(session, `Warning: verb '${verb}' is not a known verb\n\n`);
    }
  }
  return {
    resourceAttributes: {
      namespace: everywhere ? '' : session.namespace,
      verb,
      group: info?.group ?? '',
      resource: info?.plural ?? word,
      subresource: flags.text('subresource'),
      name,
    },
  };
}

function* listRules(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length > 0) {
    yield* fatal(session, 'list option must be specified with no arguments');
  }
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace: session.namespace },
  };
  const resource = 'selfsubjectrulesreviews' as 'selfsubjectaccessreviews';
  const answer = yield* call(session, { verb: 'create', resource, body });
  if (!answer.ok) return yield* fail(session, answer.failure);
  const { status = {} } = answer.value as KubeObject & {
    status?: {
      resourceRules?: readonly PolicyRule[];
      nonResourceRules?: readonly PolicyRule[];
    };
  };
  const rows = ruleRows([...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])]);
  const header = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];
  yield* print(session, layOut(flags.has('no-headers') ? rows : [header, ...rows]).text);
  return 0;
}

export function* whoAmI(session: Session): Step<number> {
  const printer = yield* choosePrinter(session);
  yield* connect(session);
  const { identity } = session.configuration;
  const username = identity?.name ?? 'kubernetes-admin';
  const groups = identity?.groups ?? ['kubeadm:cluster-admins', 'system:authenticated'];
  if (printer.kind !== 'other') {
    const value = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      metadata: {},
      status: { userInfo: { username, groups } },
    };
    yield* new Output(session, printer).value(sortKeys(value));
    return 0;
  }
  const rows = [
    ['ATTRIBUTE', 'VALUE'],
    ['Username', username],
    ['Groups', `[${groups.join(' ')}]`],
  ];
  yield* print(session, layOut(rows).text);
  return 0;
}

const BOUND: Readonly<Record<string, string>> = { Node: 'v1', Pod: 'v1', Secret: 'v1' };

export function* createToken(session: Session): Step<number> {
  const { flags } = session;
  const name = yield* oneName(session);
  const printer = yield* choosePrinter(session);
  const durationMs = flags.durationMs('duration');
  const kind = flags.text('bound-object-kind');
  const bound = flags.text('bound-object-name');
  const refusals: readonly (readonly [boolean, string])[] = [
    [durationMs < 0, '--duration must be greater than or equal to 0'],
    [durationMs % 1000 !== 0, '--duration cannot be expressed in units less than seconds'],
    [flags.all('audience').includes(''), '--audience must not be an empty string'],
    [
      kind === '' && bound !== '',
      '--bound-object-name can only be set if --bound-object-kind is provided',
    ],
    [
      kind === '' && flags.text('bound-object-uid') !== '',
      '--bound-object-uid can only be set if --bound-object-kind is provided',
    ],
    [
      kind !== '' && !(kind in BOUND),
      `supported --bound-object-kind values are ${Object.keys(BOUND).join(', ')}`,
    ],
    [
      kind !== '' && bound === '',
      '--bound-object-name is required if --bound-object-kind is provided',
    ],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  const spec = {
    audiences: flags.all('audience'),
    ...(durationMs > 0 && { expirationSeconds: durationMs / 1000 }),
    ...(kind !== '' && {
      boundObjectRef: { kind, apiVersion: 'v1', name: bound, uid: flags.text('bound-object-uid') },
    }),
  };
  const { namespace } = session;
  const gone = yield* unreachable(session);
  if (gone !== undefined) {
    const path = `api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const url = `${session.configuration.server}/${path}`;
    yield* fatal(session, `failed to create token: Post "${url}": ${gone}`);
  }
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec };
  const answer = yield* call(session, {
    verb: 'create',
    resource: 'serviceaccounts',
    subresource: 'token',
    namespace,
    name,
    body,
  });
  if (!answer.ok) {
    return yield* fatal(session, `failed to create token: ${answer.failure.message}`);
  }
  const { status } = answer.value as KubeObject & { status?: { token?: string } };
  if (printer.kind !== 'other') {
    yield* new Output(session, printer).value(sortKeys(answer.value));
  } else yield* print(session, `${status?.token ?? ''}\n`);
  return 0;
}
