import type { RunConfig } from '../oci/image.ts';
import { HOST_PLATFORM } from '../oci/platform.ts';
import type { Instruction } from './dockerfile/ast.ts';
import { Linter } from './lint/linter.ts';
import { Graph } from './ops.ts';
import { dispatch } from './plan/dispatch.ts';
import { Env } from './plan/env.ts';
import { Fault } from './plan/fault.ts';
import { emptyImage, readEnv } from './plan/image.ts';
import { StageState } from './plan/stage.ts';

/** What an instruction that changes no files does to an image's configuration alone. */
export type ConfigChange =
  | { readonly ok: true; readonly config: RunConfig; readonly history: string }
  | { readonly ok: false; readonly message: string };

const FILES = ['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR', 'ARG'];

/** For `docker commit --change`; undefined for an instruction that is no configuration. */
export function changeConfig(config: RunConfig, step: Instruction): ConfigChange | undefined {
  if (FILES.includes(step.kind)) return undefined;
  const state = new StageState('scratch', undefined, [], undefined, HOST_PLATFORM);
  state.image = { ...emptyImage(HOST_PLATFORM), config };
  for (const [key, value] of Object.entries(readEnv(config.Env ?? []))) {
    state.env.set(key, value);
  }
  const linter = new Linter();
  const options = {
    ...{ buildArgs: {}, buildPlatform: HOST_PLATFORM, multiPlatform: false, contexts: {} },
    ...{ noCache: [], labels: {}, hosts: [], network: 'default', ignore: undefined },
    allStages: false,
  };
  const own = { graph: new Graph(), options, escape: '\\', globals: new Env(), proxy: {} };
  try {
    dispatch(
      state,
      { step, sources: [], onBuild: false },
      { ...own, context: '', linter, platform: HOST_PLATFORM },
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, message: error.message };
  }
  const history = state.image.history.at(-1)?.created_by ?? '';
  return { ok: true, config: state.image.config, history };
}
