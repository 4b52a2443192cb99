import type { Kernel } from '../../sim/kernel.ts';
import { HOUR, MINUTE } from '../../sim/clock.ts';
import type { Table } from '../../sim/store.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import { digestOfText } from '../digest.ts';
import type { Storage } from './storage.ts';
import {
  failure,
  failureInWords,
  parseQuery,
  respond,
  type Place,
  type RegistryRequest,
  type RegistryResponse,
} from './wire.ts';

/**
 * Who may do what at a registry, and how often.
 * - `open`: everybody everything, as a registry without configuration.
 * - `basic`: a name and a password with each request (an htpasswd file).
 * - `hub`: a token for each repository from a token service, as Docker Hub
 *   (distribution/distribution `docs/content/spec/auth/token.md`); strangers may pull.
 * - `ecr`: basic, with the name AWS and a password that ends after twelve hours; repositories must
 *   be created first (Amazon ECR user guide, "Private registry authentication").
 *
 * Simplified: tokens carry their claims as text with a keyed hash instead of a signature.
 */
export interface AccessRules {
  readonly auth: 'open' | 'basic' | 'hub' | 'ecr';
  /** Passwords by name. */
  readonly accounts?: Readonly<Record<string, string>>;
}

type Action = 'pull' | 'push' | 'delete';

interface Claims {
  readonly sub: string;
  /** Names of repositories and what may be done there. */
  readonly access: readonly { readonly name: string; readonly actions: readonly Action[] }[];
  readonly exp: number;
}

interface Quota {
  readonly sinceMs: number;
  readonly pulls: number;
}

/** How a registry fails when it is told to. */
export type RegistryFault = 'rate-limit' | 'unauthorized' | 'unavailable';

const TOKEN_MS = 5 * MINUTE;
const ECR_TOKEN_MS = 12 * HOUR;
/** Docker Hub's pulls in six hours: of an address, of an account (docs.docker.com, usage limits). */
const QUOTA_MS = 6 * HOUR;
const ANONYMOUS_PULLS = 100;
const ACCOUNT_PULLS = 200;
const LIMIT_HELP = 'https://www.docker.com/increase-rate-limit';

export const TOKEN_REALM = 'https://auth.docker.io/token';
export const TOKEN_SERVICE = 'registry.docker.io';
export const ECR_USER = 'AWS';

export class Access {
  readonly #kernel: Kernel;
  readonly #storage: Storage;
  readonly #rules = new Map<string, AccessRules>();
  readonly #faults: Table<string, RegistryFault>;
  readonly #quotas: Table<string, Quota>;
  /** Repositories of an ECR that were created. */
  readonly #created: Table<string, true>;

  constructor(kernel: Kernel, storage: Storage) {
    this.#kernel = kernel;
    this.#storage = storage;
    this.#faults = kernel.store.table<RegistryFault>('registry/faults');
    this.#quotas = kernel.store.table<Quota>('registry/quotas');
    this.#created = kernel.store.table<true>('registry/created');
  }

  setRules(host: string, rules: AccessRules): void {
    this.#rules.set(host, rules);
  }

  setFault(host: string, fault: RegistryFault | undefined): void {
    if (fault) this.#faults.set(host, fault);
    else this.#faults.delete(host);
  }

  isEcr(host: string): boolean {
    return this.#rules.get(host)?.auth === 'ecr';
  }

  /** False when it was there already. */
  createRepository({ host, repository }: Place): boolean {
    const key = `${host} ${repository}`;
    if (this.#created.has(key)) return false;
    this.#created.set(key, true);
    return true;
  }

  /** A password for `docker login -u AWS`, good for twelve hours. */
  ecrPassword(host: string): string {
    const exp = this.#kernel.now + ECR_TOKEN_MS;
    return this.#sign(host, { sub: ECR_USER, access: [], exp });
  }

  /** Why a request is refused; undefined when it may go on. */
  check(host: string, request: RegistryRequest, place: Place | undefined) {
    const rules = this.#rules.get(host) ?? { auth: 'open' };
    const fault = this.#faults.get(host);
    if (fault === 'unavailable') return failure('UNAVAILABLE');
    if (fault === 'unauthorized') return this.#challenge(rules, request, place);
    const refused = this.#authorize(host, rules, request, place);
    return refused ?? this.#count(host, rules, request, fault === 'rate-limit');
  }

  #authorize(
    host: string,
    rules: AccessRules,
    request: RegistryRequest,
    place: Place | undefined,
  ): RegistryResponse | undefined {
    switch (rules.auth) {
      case 'open':
        return undefined;
      case 'basic':
        return this.#account(rules, request) ? undefined : this.#challenge(rules, request, place);
      case 'ecr':
        return this.#checkEcr(host, rules, request, place);
      case 'hub': {
        const claims = this.#claims(host, request);
        if (!claims) return this.#challenge(rules, request, place);
        if (!place) return undefined;
        const granted = claims.access.find(({ name }) => name === place.repository)?.actions ?? [];
        if (granted.includes(actionOf(request))) return undefined;
        return this.#challenge(rules, request, place, 'insufficient_scope');
      }
    }
  }

  #challenge(
    { auth }: AccessRules,
    request: RegistryRequest,
    place: Place | undefined,
    error?: string,
  ): RegistryResponse {
    const wanted = actionOf(request) === 'pull' ? 'pull' : 'pull,push';
    const scope = place ? `,scope="repository:${place.repository}:${wanted}"` : '';
    const why = error === undefined ? '' : `,error="${error}"`;
    const challenge =
      auth === 'hub'
        ? `Bearer realm="${TOKEN_REALM}",service="${TOKEN_SERVICE}"${scope}${why}`
        : `Basic realm="${auth === 'ecr' ? 'https://ecr' : 'Registry Realm'}"`;
    const refusal = failure('UNAUTHORIZED');
    return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge } };
  }

  #checkEcr(host: string, rules: AccessRules, request: RegistryRequest, place?: Place) {
    const [user, password] = basicOf(request) ?? [];
    const claims = password === undefined ? undefined : this.#verify(host, password);
    if (user !== ECR_USER || !claims) return this.#challenge(rules, request, place);
    if (claims.exp <= this.#kernel.now) {
      const words = 'Your authorization token has expired. Reauthenticate and try again.';
      return failureInWords('DENIED', words);
    }
    if (!place || this.#created.has(`${host} ${place.repository}`)) return undefined;
    const id = host.split('.')[0] ?? '';
    const words = `The repository with name '${place.repository}' does not exist in the registry with id '${id}'`;
    return failureInWords('NAME_UNKNOWN', words);
  }

  /** The account whose name and password a request carries. */
  #account({ accounts = {} }: AccessRules, request: RegistryRequest): string | undefined {
    const [user, password] = basicOf(request) ?? [];
    if (user === undefined || !Object.hasOwn(accounts, user)) return undefined;
    return accounts[user] === password ? user : undefined;
  }

  /** The token service: `GET /token?service=…&scope=repository:NAME:ACTIONS`. */
  token(host: string, request: RegistryRequest): RegistryResponse {
    const rules = this.#rules.get(host) ?? { auth: 'open' };
    const account = this.#account(rules, request);
    if (basicOf(request) && account === undefined) {
      const json = { details: 'incorrect username or password' };
      return { status: 401, headers: { 'content-type': 'application/json' }, json };
    }
    const query = parseQuery(request.path.split('?')[1] ?? '');
    const access = (query.scope ?? []).flatMap((scope) => {
      const [, name = '', actions = ''] = /^repository:(.+):([a-z,]+)$/.exec(scope) ?? [];
      const granted = actions
        .split(',')
        .filter((action) => this.#grants(host, name, action, account));
      return name === '' ? [] : [{ name, actions: granted as Action[] }];
    });
    const exp = this.#kernel.now + TOKEN_MS;
    const token = this.#sign(host, { sub: account ?? '', access, exp });
    const json = { token, access_token: token, expires_in: TOKEN_MS / 1000 };
    return { ...respond(200, { 'content-type': 'application/json' }), json };
  }

  /** On a hub one may pull what is there, and push under one's own name. */
  #grants(host: string, repository: string, action: string, account: string | undefined): boolean {
    const own = account !== undefined && repository.startsWith(`${account}/`);
    if (own) return true;
    if (action !== 'pull') return false;
    return this.#storage.hasRepository({ host, repository });
  }

  #claims(host: string, request: RegistryRequest): Claims | undefined {
    const token = /^Bearer (\S+)$/.exec(request.headers?.authorization ?? '')?.[1];
    const claims = token === undefined ? undefined : this.#verify(host, token);
    return claims && claims.exp > this.#kernel.now ? claims : undefined;
  }

  #sign(host: string, claims: Claims): string {
    const payload = toBase64(JSON.stringify(claims));
    return `${payload}.${digestOfText(`${host} ${payload}`).slice(-32)}`;
  }

  #verify(host: string, token: string): Claims | undefined {
    const [payload = '', seal] = token.split('.');
    if (seal !== digestOfText(`${host} ${payload}`).slice(-32)) return undefined;
    return JSON.parse(fromBase64(payload) ?? 'null') as Claims;
  }

  /** Manifests that are fetched count; asking for their heads does not. */
  #count(host: string, { auth }: AccessRules, request: RegistryRequest, spent: boolean) {
    const isPull = request.method === 'GET' && request.path.includes('/manifests/');
    if (!isPull || (auth !== 'hub' && !spent)) return undefined;
    const user = this.#claims(host, request)?.sub ?? '';
    const limit = user === '' ? ANONYMOUS_PULLS : ACCOUNT_PULLS;
    const key = `${host} ${user === '' ? `@${request.from ?? ''}` : user}`;
    const before = this.#quotas.get(key);
    const { now } = this.#kernel;
    const fresh = !before || now - before.sinceMs >= QUOTA_MS;
    const quota = fresh ? { sinceMs: now, pulls: 0 } : before;
    if (spent || quota.pulls >= limit) {
      const whose =
        user === '' ? 'unauthenticated pull rate limit' : `pull rate limit as '${user}'`;
      return failureInWords('TOOMANYREQUESTS', `You have reached your ${whose}. ${LIMIT_HELP}`);
    }
    this.#quotas.set(key, { ...quota, pulls: quota.pulls + 1 });
    return undefined;
  }
}

/** Name and password of a request. */
function basicOf({ headers }: RegistryRequest): [string, string] | undefined {
  const encoded = /^Basic (\S+)$/.exec(headers?.authorization ?? '')?.[1];
  const text = encoded === undefined ? undefined : fromBase64(encoded);
  const colon = text?.indexOf(':') ?? -1;
  return text === undefined || colon === -1
    ? undefined
    : [text.slice(0, colon), text.slice(colon + 1)];
}

function actionOf({ method }: RegistryRequest): Action {
  if (method === 'GET' || method === 'HEAD') return 'pull';
  return method === 'DELETE' ? 'delete' : 'push';
}
