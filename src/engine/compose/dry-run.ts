import type { ContainerSummary, CreateBody, EngineRequest, EngineResponse } from '../docker/api.ts';
import { Invocation, type Step } from '../docker/cli/invocation.ts';

/**
 * `docker compose --dry-run` (docker/compose v5.5 `pkg/dryrun/dryrunclient.go`): the daemon is asked
 * what there is, and what would change it is answered here as if it had been done. What is printed
 * is that of a real run: this version draws no mark of its own before the lines, though its
 * predecessors did.
 */
export class DryInvocation extends Invocation {
  readonly pretence = new Pretence();

  override *ask<T>(request: EngineRequest): Step<EngineResponse<T>> {
    const told = this.pretence.answer(request);
    if (told) return told as EngineResponse<T>;
    const answer = yield* super.ask<T>(this.pretence.instead(request));
    this.pretence.see(request, answer);
    return answer;
  }
}

const CONTAINER = /^\/containers\/([^/]+)\/json$/;

/** What a client believes to have done. */
export class Pretence {
  /** What was there when it was first asked for, and what was made since. */
  private containers: readonly ContainerSummary[] = [];
  private readonly made = new Set<string>();

  /** Undefined: the daemon knows. */
  answer({ method, path, query = {}, body }: EngineRequest): EngineResponse | undefined {
    if (method === 'GET' || method === 'HEAD') return this.#known(path);
    if (path === '/images/create') return undefined;
    const { name = '' } = query;
    switch (path) {
      case '/containers/create':
        this.#make(name, body as CreateBody);
        return { status: 201, body: { Id: name, Warnings: [] } };
      case '/networks/create':
        return { status: 201, body: { Id: nameIn(body), Warning: '' } };
      case '/volumes/create':
        return { status: 201, body: { Name: nameIn(body) } };
      default:
        return { status: path.endsWith('/exec') ? 201 : 204, body: { Id: name } };
    }
  }

  /** An image is looked for where it would be pulled from. */
  instead(request: EngineRequest): EngineRequest {
    const { method, path, query = {}, headers } = request;
    if (method !== 'POST' || path !== '/images/create') return request;
    const image = `/distribution/${query.fromImage ?? ''}/json`;
    return { method: 'GET', path: image, ...(headers && { headers }) };
  }

  see({ path }: EngineRequest, { status, body }: EngineResponse): void {
    if (path === '/containers/json' && status < 400) this.containers = body as ContainerSummary[];
  }

  #known(path: string): EngineResponse | undefined {
    if (path === '/containers/json' && this.containers.length > 0) {
      return { status: 200, body: this.containers };
    }
    const [, id = ''] = CONTAINER.exec(path) ?? [];
    return this.made.has(id) ? { status: 200, body: healthy(id) } : undefined;
  }

  #make(name: string, { Labels, Image }: CreateBody): void {
    this.made.add(name);
    const summary: Partial<ContainerSummary> = {
      ...{ Id: name, Names: [`/${name}`], Image: Image ?? '', Labels: Labels ?? {} },
      ...{ Mounts: [], Ports: [], NetworkSettings: { Networks: {} } },
    };
    this.containers = [...this.containers, summary as ContainerSummary];
  }
}

const nameIn = (body: unknown): string => (body as { Name?: string }).Name ?? '';

/** A container that was only thought of runs and is well: `--wait` and conditions go on. */
const healthy = (name: string): object => ({
  ...{ Id: name, Name: `/${name}`, Config: { Healthcheck: { Test: ['CMD'] } } },
  ...{ State: { Status: 'running', Running: true, ExitCode: 0, Health: { Status: 'healthy' } } },
  ...{ HostConfig: {}, Mounts: [], NetworkSettings: { Networks: {} } },
});
