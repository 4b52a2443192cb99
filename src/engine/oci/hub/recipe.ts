import type { Healthcheck, RunConfig } from '../image.ts';
import type { Layer } from '../layer.ts';
import type { BuiltSteps, CatalogueStep } from './image.ts';

/**
 * An image as its Dockerfile makes it, one instruction a call. What an instruction leaves in the
 * history is what BuildKit writes (moby/buildkit `frontend/dockerfile/dockerfile2llb/convert.go`,
 * commitToHistory). Recipes never change: each call gives a new one.
 */
const COMMENT = 'buildkit.dockerfile.v0';

const quoted = (words: readonly string[]): string => words.map((w) => JSON.stringify(w)).join(' ');

export class Recipe implements BuiltSteps {
  readonly config: RunConfig;
  readonly steps: readonly CatalogueStep[];
  readonly createdMs: number;

  constructor(config: RunConfig, steps: readonly CatalogueStep[], createdMs: number) {
    this.config = config;
    this.steps = steps;
    this.createdMs = createdMs;
  }

  /** `FROM base`, made at another time. */
  static from(base: BuiltSteps, createdMs: number): Recipe {
    return new Recipe(base.config, base.steps, createdMs);
  }

  #with(createdBy: string, config: RunConfig, layer?: Layer): Recipe {
    const { createdMs } = this;
    const step = { createdBy, comment: COMMENT, createdMs, ...(layer ? { layer } : {}) };
    return new Recipe({ ...this.config, ...config }, [...this.steps, step], createdMs);
  }

  env(pairs: Readonly<Record<string, string>>): Recipe {
    const texts = Object.entries(pairs).map(([name, value]) => `${name}=${value}`);
    const nameOf = (pair: string): string => pair.slice(0, pair.indexOf('='));
    const before = this.config.Env ?? [];
    // A variable that was there keeps its place, as BuildKit's addEnv has it.
    const kept = before.map((pair) => texts.find((text) => nameOf(text) === nameOf(pair)) ?? pair);
    const added = texts.filter((text) => !kept.includes(text));
    return this.#with(`ENV ${texts.join(' ')}`, { Env: [...kept, ...added] });
  }

  label(pairs: Readonly<Record<string, string>>): Recipe {
    const text = Object.entries(pairs).map(([name, value]) => `${name}=${value}`);
    return this.#with(`LABEL ${text.join(' ')}`, { Labels: { ...this.config.Labels, ...pairs } });
  }

  run(script: string, layer: Layer, shell = '/bin/sh -c'): Recipe {
    return this.#with(`RUN ${shell} ${script} # buildkit`, {}, layer);
  }

  copy(words: string, layer: Layer): Recipe {
    return this.#with(`COPY ${words} # buildkit`, {}, layer);
  }

  arg(text: string): Recipe {
    return this.#with(`ARG ${text}`, {});
  }

  expose(...ports: string[]): Recipe {
    const more = Object.fromEntries(ports.map((port) => [port, {}]));
    const text = ports.map((port) => `${port}:{}`).join(' ');
    const ExposedPorts = { ...this.config.ExposedPorts, ...more };
    return this.#with(`EXPOSE map[${text}]`, { ExposedPorts });
  }

  volume(...paths: string[]): Recipe {
    const more = Object.fromEntries(paths.map((path) => [path, {}]));
    return this.#with(`VOLUME [${paths.join(' ')}]`, {
      Volumes: { ...this.config.Volumes, ...more },
    });
  }

  /** Makes the directory, in a layer of its own. */
  workdir(path: string, layer: Layer): Recipe {
    return this.#with(`WORKDIR ${path}`, { WorkingDir: path }, layer);
  }

  user(name: string): Recipe {
    return this.#with(`USER ${name}`, { User: name });
  }

  entrypoint(...words: string[]): Recipe {
    const { Cmd: _dropped, ...rest } = this.config;
    const recipe = new Recipe(rest, this.steps, this.createdMs);
    return recipe.#with(`ENTRYPOINT [${quoted(words)}]`, { Entrypoint: words });
  }

  cmd(...words: string[]): Recipe {
    return this.#with(`CMD [${quoted(words)}]`, { Cmd: words });
  }

  stopSignal(name: string): Recipe {
    return this.#with(`STOPSIGNAL ${name}`, { StopSignal: name });
  }

  healthcheck(check: Healthcheck, text: string): Recipe {
    return this.#with(`HEALTHCHECK ${text}`, { Healthcheck: check });
  }
}
