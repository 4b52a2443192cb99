import { digestOf, isDigest } from '../../../src/engine/oci/digest.ts';
import { blobBytes } from '../../../src/engine/oci/layer.ts';
import { MEDIA } from '../../../src/engine/oci/media-types.ts';
import { isRepository, isTag } from '../../../src/engine/oci/reference.ts';
import { ERRORS, meaningOf } from '../../../src/engine/oci/registry-errors.ts';
import { errorsOf, type RegistryResponse } from '../../../src/engine/oci/registry.ts';
import { operation, sameValue, type Adapter, type Operation, type Verdict } from '../adapter.ts';
import {
  BODY,
  Client,
  DIGEST,
  manifestOf,
  NAME,
  NOWHERE,
  type Method,
} from '../registry-client.ts';

type Headers = Readonly<Record<string, string>>;

const codeOf = (response: RegistryResponse): string | undefined => errorsOf(response)[0]?.code;

/** A status as tables write it: one, several, or `4xx`. */
function isStatus(status: number, expected: unknown): boolean {
  if (Array.isArray(expected)) return expected.some((one) => isStatus(status, one));
  if (typeof expected === 'string') return `${Math.floor(status / 100)}xx` === expected;
  return status === expected;
}

/** Names of headers, names with values, or `Name: value`. */
function hasHeaders(response: RegistryResponse, expected: unknown, values: Headers = {}): boolean {
  const of = (name: string) => response.headers[name.toLowerCase()];
  if (Array.isArray(expected)) {
    return (expected as string[]).every((text) => {
      const [name = '', value] = text.split(': ');
      const got = of(name);
      return got !== undefined && (value === undefined || (values[value] ?? value) === got);
    });
  }
  return Object.entries((expected ?? {}) as Record<string, unknown>).every(([name, value]) => {
    const got = of(name);
    if (Array.isArray(value)) return got === value.join(', ');
    if (typeof value !== 'string') return got !== undefined;
    const open = value === 'next' || /^<.*>$/.test(value);
    return got !== undefined && (open || got === value);
  });
}

interface Expected {
  readonly status?: unknown;
  readonly code?: string;
  readonly headers?: unknown;
  readonly [key: string]: unknown;
}

const told = ({ status, headers, json }: RegistryResponse) => ({ status, headers, json });

/** One answer against status, code and headers; `and` is whatever else must hold. */
function answers(
  response: RegistryResponse,
  expect: Expected,
  and: readonly boolean[] = [],
  values: Headers = {},
): Verdict {
  const holds =
    (expect.status === undefined || isStatus(response.status, expect.status)) &&
    (expect.code === undefined || codeOf(response) === expect.code) &&
    hasHeaders(response, expect.headers, values) &&
    and.every(Boolean);
  return { holds, got: told(response) };
}

const row = (
  match: string | RegExp,
  run: (client: Client, expect: Expected) => Verdict,
): Operation => operation<unknown, Expected>(match, ({ expect }) => run(new Client(), expect));

interface Responses {
  readonly responses: readonly (number | Expected)[];
}

/** A series of answers against a series of expectations. */
function series(
  responses: readonly RegistryResponse[],
  { responses: expected }: Responses,
): Verdict {
  const verdicts = expected.map((one, i) =>
    answers(responses[i]!, typeof one === 'number' ? { status: one } : one),
  );
  return { holds: verdicts.every(({ holds }) => holds), got: responses.map(told) };
}

/** Every endpoint must be reached: with all in place it succeeds, with nothing there it fails so. */
function endpoint(
  input: { methods: Method[]; path: string },
  expect: { success: number[]; failure: number[] },
): Verdict {
  const got: Record<string, number[]> = {};
  const holds = input.methods.every((method) => {
    const good = requestEndpoint(method, input.path, true);
    const bad = requestEndpoint(method, input.path, false);
    got[method] = [good.status, bad.status];
    return expect.success.includes(good.status) && expect.failure.includes(bad.status);
  });
  return { holds, got };
}

function requestEndpoint(method: Method, path: string, ready: boolean): RegistryResponse {
  const client = new Client();
  const manifest = client.pushManifest('1.0').headers['docker-content-digest'] ?? '';
  client.pushBlob(BODY, 'team/other');
  const location = ready ? client.begin() : `/v2/${NAME}/blobs/uploads/none`;
  const subject = path.includes('referrers');
  const isManifest = path.includes('/manifests/') || subject;
  const byDigest = path.includes('<digest>');
  const fresh = manifestOf({ annotations: { fresh: 'yes' } });
  const put = method === 'PUT' && isManifest;
  const digest = put ? digestOf(fresh) : isManifest ? manifest : DIGEST;
  const missing = subject || path.includes('?digest=') ? 'sha256:bad' : NOWHERE;
  const filled = path
    .replace('<blob-push-location>', location)
    .replace('<name>', ready || method === 'POST' ? NAME : 'Not_a_/name')
    .replace('<tag-or-digest>', ready || method === 'PUT' ? '1.0' : 'none')
    .replace('<digest>', ready ? digest : missing)
    .replace('<other_name>', 'team/other')
    .replace('<integer>', '2')
    .replace('<tagname>', 'a')
    .replace('<artifactType>', 'application/vnd.example')
    .replace('Not_a_/name', byDigest || method === 'GET' || method === 'HEAD' ? 'team/none' : NAME);
  if (!ready && method === 'POST') return client.ask(method, filled.replace(NAME, 'team/..'), BODY);
  const tooBig = put && !ready ? new Uint8Array(5_000_000) : undefined;
  const body = method === 'GET' || method === 'HEAD' ? undefined : (tooBig ?? (put ? fresh : BODY));
  return client.ask(method, filled, body, put ? { 'content-type': MEDIA.manifest } : undefined);
}

const endpointRow = operation<
  { methods: Method[]; path: string },
  { success: number[]; failure: number[] }
>('endpoint', ({ input, expect }) => endpoint(input, expect));

const pushes: Operation[] = [
  operation<unknown, Responses>('push a blob monolithically', ({ expect }) => {
    const client = new Client();
    const begun = client.ask('POST', `/v2/${NAME}/blobs/uploads/`);
    const done = client.ask('PUT', `${begun.headers.location}?digest=${DIGEST}`, BODY);
    const pulled = client.ask('GET', done.headers.location ?? '');
    const verdict = series([begun, done], expect);
    return { ...verdict, holds: verdict.holds && pulled.status === 200 };
  }),
  row('same with a digest that does not match the body', (client, expect) => {
    const got = client.ask('PUT', `${client.begin()}?digest=${NOWHERE}`, BODY);
    return answers(got, { ...expect, status: expect.finalStatus });
  }),
  operation<unknown, { supported: Expected; unsupported: Expected }>(
    'POST /v2/<name>/blobs/uploads/?digest=<digest> with body',
    ({ expect }) => {
      const got = new Client().ask('POST', `/v2/${NAME}/blobs/uploads/?digest=${DIGEST}`, BODY);
      const [yes, no] = [answers(got, expect.supported), answers(got, expect.unsupported)];
      return yes.holds ? yes : no;
    },
  ),
  row('single POST with wrong digest', (client, expect) =>
    answers(client.ask('POST', `/v2/${NAME}/blobs/uploads/?digest=${NOWHERE}`, BODY), expect),
  ),
  operation<unknown, Responses>(/^push 10 bytes in chunks/, ({ expect }) => {
    const client = new Client();
    const begun = client.ask('POST', `/v2/${NAME}/blobs/uploads/`);
    const answersSoFar = [begun];
    for (const [from, to] of [
      [0, 4],
      [5, 9],
    ] as const) {
      const at = answersSoFar.at(-1)!.headers.location ?? '';
      const range = { 'content-range': `${from}-${to}` };
      answersSoFar.push(client.ask('PATCH', at, BODY.slice(from, to + 1), range));
    }
    const at = answersSoFar.at(-1)!.headers.location ?? '';
    answersSoFar.push(client.ask('PUT', `${at}?digest=${DIGEST}`));
    return series(answersSoFar, expect);
  }),
  row('PATCH with a Content-Range that does not start at the next offset', (client, expect) => {
    const range = { 'content-range': '5-9' };
    return answers(client.ask('PATCH', client.begin(), BODY.slice(5), range), expect);
  }),
  row('closing PUT carries an out of order final chunk', (client, expect) => {
    const at = client.begin();
    client.ask('PATCH', at, BODY.slice(0, 5), { 'content-range': '0-4' });
    const range = { 'content-range': '7-9' };
    return answers(client.ask('PUT', `${at}?digest=${DIGEST}`, BODY.slice(7), range), expect);
  }),
  row(/^GET <location> of an active upload/, (client, expect) => {
    const at = client.begin();
    client.ask('PATCH', at, BODY.slice(0, 5), { 'content-range': '0-4' });
    const got = client.ask('GET', at);
    return answers(got, expect, [got.headers.location === at]);
  }),
  row('last chunk sent in the closing PUT', (client, expect) => {
    const at = client.begin();
    client.ask('PATCH', at, BODY.slice(0, 5), { 'content-range': '0-4' });
    const range = { 'content-range': '5-9' };
    return answers(client.ask('PUT', `${at}?digest=${DIGEST}`, BODY.slice(5), range), expect);
  }),
  row('closing PUT with wrong digest', (client, expect) => {
    const at = client.begin();
    client.ask('PATCH', at, BODY);
    return answers(client.ask('PUT', `${at}?digest=${NOWHERE}`), expect);
  }),
  operation<unknown, { regexp: string }>('Content-Range of a chunk', ({ expect }) => {
    const rule = new RegExp(expect.regexp);
    const statuses = ['0-9', 'bytes 0-9', '0-9/10', '0-', '-9', 'bytes=0-9'].map((range) => {
      const client = new Client();
      const got = client.ask('PATCH', client.begin(), BODY, { 'content-range': range });
      return [range, got.status] as const;
    });
    const holds = statuses.every(([range, status]) => rule.test(range) === (status === 202));
    return { holds, got: Object.fromEntries(statuses) };
  }),
  operation<unknown, Responses>('one PATCH without Content-Range, then PUT', ({ expect }) => {
    const client = new Client();
    const begun = client.ask('POST', `/v2/${NAME}/blobs/uploads/`);
    const at = begun.headers.location ?? '';
    const patched = client.ask('PATCH', at, BODY);
    return series([begun, patched, client.ask('PUT', `${at}?digest=${DIGEST}`)], expect);
  }),
  row('DELETE <location>', (client, expect) => {
    const at = client.begin();
    client.ask('PATCH', at, BODY);
    const got = client.ask('DELETE', at);
    const after = client.ask('GET', `/v2/${NAME}/blobs/${DIGEST}`);
    return answers(got, expect, [after.status === expect.thenBlob]);
  }),
  operation<unknown, { header: string }>('registry with a minimum chunk size', ({ expect }) => {
    const client = new Client({ minChunkBytes: 5 });
    const got = client.ask('POST', `/v2/${NAME}/blobs/uploads/`);
    const [header = '', ...where] = expect.header.split(' ');
    const holds = got.headers[header.toLowerCase()] === '5' && where.join(' ').includes('POST');
    return { holds, got: told(got) };
  }),
  row('POST /v2/<name>/blobs/uploads/?mount=<digest>&from=<other>', (client, expect) => {
    client.pushBlob(BODY, 'team/other');
    const query = `mount=${DIGEST}&from=team/other`;
    const got = client.ask('POST', `/v2/${NAME}/blobs/uploads/?${query}`);
    return answers(got, expect, [client.ask('HEAD', `/v2/${NAME}/blobs/${DIGEST}`).status === 200]);
  }),
  row('same, blob unknown or mount unsupported', (client, expect) => {
    const query = `mount=${DIGEST}&from=team/other`;
    const got = client.ask('POST', `/v2/${NAME}/blobs/uploads/?${query}`);
    const done = client.ask('PUT', `${got.headers.location}?digest=${DIGEST}`, BODY);
    return answers(got, expect, [done.status === 201]);
  }),
];

const blobs: Operation[] = [
  row(/^(GET|HEAD) existing blob$/, (client, expect) => {
    client.pushBlob(BODY);
    const path = `/v2/${NAME}/blobs/${DIGEST}`;
    const method = 'body' in expect ? 'HEAD' : 'GET';
    const got = client.ask(method, path);
    const same = got.blob !== undefined && sameValue([...blobBytes(got.blob)], [...BODY]);
    const body = method === 'HEAD' ? got.blob === undefined && got.json === undefined : same;
    return answers(got, expect, [body]);
  }),
  row('GET missing blob', (client, expect) =>
    answers(client.ask('GET', `/v2/${NAME}/blobs/${NOWHERE}`), expect),
  ),
  row('HEAD missing blob', (client, expect) =>
    answers(client.ask('HEAD', `/v2/${NAME}/blobs/${NOWHERE}`), expect),
  ),
  operation<unknown, { valid: number; outside: number }>(
    'GET blob with Range header',
    ({ expect }) => {
      const client = new Client();
      client.pushBlob(BODY);
      const path = `/v2/${NAME}/blobs/${DIGEST}`;
      const [valid, outside] = ['bytes=2-4', 'bytes=10-12'].map((range) =>
        client.ask('GET', path, undefined, { range }),
      );
      const bytes = sameValue([...(valid!.bytes ?? [])], [...BODY.slice(2, 5)]);
      const got = { valid: valid!.status, outside: outside!.status };
      return { holds: bytes && got.valid === expect.valid && got.outside === expect.outside, got };
    },
  ),
  operation<unknown, Expected & { missing: number }>('DELETE blob', ({ expect }) => {
    const client = new Client();
    client.pushBlob(BODY);
    const path = `/v2/${NAME}/blobs/${DIGEST}`;
    const got = client.ask('DELETE', path);
    const again = client.ask('DELETE', path);
    return answers(got, expect, [again.status === expect.missing]);
  }),
];

const manifests: Operation[] = [
  row('PUT /v2/<name>/manifests/<tag-or-digest>', (client, expect) => {
    const bytes = manifestOf();
    const got = client.pushManifest('1.0');
    const byDigest = client.ask('PUT', `/v2/${NAME}/manifests/${digestOf(bytes)}`, bytes);
    const stored = client.ask('GET', `/v2/${NAME}/manifests/1.0`).blob;
    const exact = stored !== undefined && sameValue([...blobBytes(stored)], [...bytes]);
    return answers(got, expect, [exact, isStatus(byDigest.status, expect.status)]);
  }),
  row('PUT manifest that references an unknown blob, registry rejects', (client, expect) => {
    const got = client.ask('PUT', `/v2/${NAME}/manifests/1.0`, manifestOf({}, NOWHERE));
    const subject = { mediaType: MEDIA.manifest, digest: NOWHERE, size: 1 };
    return answers(got, expect, [client.pushManifest('1.0', { subject }).status === 201]);
  }),
  row('PUT by a digest that does not match', (client, expect) => {
    client.pushBlob(BODY);
    return answers(client.ask('PUT', `/v2/${NAME}/manifests/${NOWHERE}`, manifestOf()), expect);
  }),
  operation<unknown, Expected & { minimumLimitMB: number }>(
    "manifest over the registry's limit",
    ({ expect }) => {
      const client = new Client();
      client.pushBlob(BODY);
      const padded = (bytes: number) => manifestOf({ annotations: { pad: 'x'.repeat(bytes) } });
      const put = (bytes: number) => client.ask('PUT', `/v2/${NAME}/manifests/1`, padded(bytes));
      const below = put(expect.minimumLimitMB * 1_000_000 - 1000);
      return answers(put(64_000_000), expect, [below.status === 201]);
    },
  ),
  operation<{ op: string }, Expected & { tooMany: number }>(
    /^PUT \/v2\/<name>\/manifests\/<digest>\?tag=/,
    ({ input, expect }) => {
      const client = new Client();
      client.pushBlob(BODY);
      const query = input.op.split('?')[1] ?? '';
      const path = `/v2/${NAME}/manifests/${digestOf(manifestOf())}`;
      const many = Array.from({ length: 1000 }, (_, i) => `tag=t${i}`).join('&');
      const tooMany = client.ask('PUT', `${path}?${many}`, manifestOf());
      const got = client.ask('PUT', `${path}?${query}`, manifestOf());
      const tags = query.split('&').map((part) => part.slice('tag='.length));
      const there = tags.every(
        (tag) => client.ask('HEAD', `/v2/${NAME}/manifests/${tag}`).status === 200,
      );
      return answers(got, expect, [there, tooMany.status === expect.tooMany]);
    },
  ),
  row('PUT manifest with subject', (client, expect) => {
    const subject = { mediaType: MEDIA.manifest, digest: NOWHERE, size: 1 };
    const got = client.pushManifest('sig', { subject });
    return answers(got, expect, [], { '<subject digest>': NOWHERE });
  }),
  row('GET manifest by tag or digest', (client, expect) => {
    const digest = client.pushManifest('1.0').headers['docker-content-digest'] ?? '';
    const [byTag, byDigest] = ['1.0', digest].map((reference) =>
      client.ask('GET', `/v2/${NAME}/manifests/${reference}`),
    );
    return answers(byTag!, expect, [answers(byDigest!, expect).holds]);
  }),
  row('GET missing manifest', (client, expect) => {
    client.pushManifest('1.0');
    return answers(client.ask('GET', `/v2/${NAME}/manifests/none`), expect);
  }),
  row('pull from an unknown repository', (client, expect) =>
    answers(client.ask('GET', '/v2/team/none/manifests/latest'), expect),
  ),
  row('DELETE tag', (client, expect) => {
    client.pushManifest('1.0');
    const got = client.ask('DELETE', `/v2/${NAME}/manifests/1.0`);
    const after = client.ask('GET', `/v2/${NAME}/manifests/1.0`);
    return answers(got, expect, [after.status === expect.afterGetTag]);
  }),
  operation<unknown, Expected & { missingRepo: number }>('DELETE manifest by digest', (one) => {
    const client = new Client();
    const digest = client.pushManifest('1.0').headers['docker-content-digest'] ?? '';
    const got = client.ask('DELETE', `/v2/${NAME}/manifests/${digest}`);
    const after = [digest, '1.0'].map(
      (r) => client.ask('GET', `/v2/${NAME}/manifests/${r}`).status,
    );
    const nowhere = client.ask('DELETE', `/v2/team/none/manifests/${digest}`).status;
    const gone = after.every((status) => status === 404);
    return answers(got, one.expect, [gone, nowhere === one.expect.missingRepo]);
  }),
];

interface TagRow {
  readonly op: string;
  readonly tags?: readonly string[];
}

/** `GET … tags/list?n=2&last=a` of a repository that has the row's tags. */
const tagList = operation<TagRow, Readonly<Record<string, unknown>>>(
  /^GET (\/v2\/<name>\/)?tags\/list/,
  ({ input, expect }) => {
    const client = new Client();
    const tags = input.tags ?? ['b', 'a', 'B'];
    for (const tag of tags) client.pushManifest(tag);
    const query = input.op.includes('?') ? `?${input.op.split('?')[1]}` : '';
    const response = client.ask('GET', `/v2/${NAME}/tags/list${query}`);
    const { name, tags: listed } = response.json as { name: string; tags: string[] };
    const sound =
      expect.tags === undefined
        ? name === NAME && sameValue(listed, [...tags].sort())
        : sameValue(listed, expect.tags);
    const status = expect.status === undefined || expect.status === response.status;
    const link = expect.link !== null || response.headers.link === undefined;
    return { holds: sound && status && link, got: { listed, ...told(response) } };
  },
);

/** Texts that tell a rule from its neighbours. */
function grammar(rule: string, accepts: (text: string) => boolean, limit?: number): Verdict {
  const pattern = new RegExp(`^(?:${rule})$`);
  const parts = ['a', 'A', '0', '_', '__', '___', '-', '--', '.', '..', '/', '//', 'a-b', ':', ' '];
  const texts = parts.flatMap((x) =>
    parts.flatMap((y) => [x, x + y, ...parts.map((z) => x + y + z)]),
  );
  const long = limit === undefined ? [] : ['a'.repeat(limit), 'a'.repeat(limit + 1)];
  const wrong = [...texts, ...long].filter((text) => accepts(text) !== pattern.test(text));
  return { holds: wrong.length === 0, got: wrong.slice(0, 5) };
}

export const adapter: Adapter = {
  area: 'registry',
  operations: [
    endpointRow,
    operation<{ code: string }, { meaning: string }>('error code', ({ input, expect }) => {
      const got = meaningOf(input.code);
      return { holds: got === expect.meaning, got };
    }),
    operation('shape of a JSON error body', () => {
      const response = new Client().ask('GET', `/v2/${NAME}/blobs/${NOWHERE}`);
      const { errors, ...rest } = response.json as { errors: Record<string, unknown>[] };
      const holds =
        Object.keys(rest).length === 0 &&
        errors.length > 0 &&
        errors.every(
          ({ code, message, detail, ...more }) =>
            Object.hasOwn(ERRORS, String(code)) &&
            /^[A-Z_]+$/.test(String(code)) &&
            typeof message === 'string' &&
            detail !== undefined &&
            Object.keys(more).length === 0,
        );
      return { holds, got: response.json };
    }),
    ...pushes,
    ...blobs,
    ...manifests,
    tagList,
    row('GET referrers of a digest with none', (client, expect) => {
      const got = client.ask('GET', `/v2/${NAME}/referrers/${NOWHERE}`);
      const index = got.json as { manifests: unknown[]; mediaType: string };
      const empty = index.manifests.length === 0 && index.mediaType === MEDIA.index;
      return answers(got, expect, [empty, got.headers['content-type'] === expect.contentType]);
    }),
    row('GET referrers with an invalid digest', (client, expect) => {
      const bad = 'sha256:abc';
      return answers(client.ask('GET', `/v2/${NAME}/referrers/${bad}`), expect, [!isDigest(bad)]);
    }),
    row('GET /v2/', (client, expect) => {
      const locked = new Client({ access: { auth: 'basic', accounts: { dev: 'secret' } } });
      return answers(client.ask('GET', '/v2/'), expect, [
        locked.ask('GET', '/v2/').status === expect.needsAuth,
      ]);
    }),
    operation<unknown, { regexp: string }>('repository name grammar', ({ expect }) =>
      grammar(expect.regexp, isRepository),
    ),
    operation<unknown, { regexp: string; maxLength: number }>('tag grammar', ({ expect }) =>
      grammar(expect.regexp, isTag, expect.maxLength),
    ),
  ],
};
