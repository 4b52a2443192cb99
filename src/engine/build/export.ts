import { ask, now, record, sleep } from '../sim/process.ts';
import { rfc3339Nano } from '../sim/clock.ts';
import type { ImageConfig } from '../oci/image.ts';
import { fullReference } from '../oci/reference.ts';
import { builderService, type BuilderRequest, type BuiltLayer, type ExportAnswer } from './api.ts';
import { FIGURES } from './figures.ts';
import { dateHistory, writtenConfig, type DraftImage } from './plan/image.ts';

/**
 * The exporter: layers and configuration to manifest and name
 * (moby/buildkit v0.32 `exporter/containerimage/{export,writer}.go`).
 */
export interface ExportPlan {
  readonly machine: string;
  readonly by: string;
  readonly image: DraftImage;
  readonly layers: readonly BuiltLayer[];
  readonly tags: readonly string[];
  /** SOURCE_DATE_EPOCH: the time of all that was made. */
  readonly created?: string;
}

export interface ExportStatus {
  readonly text: string;
  readonly startedMs: number;
  readonly doneMs: number;
}

/** Images that nobody named are kept under their digest (moby v29 `daemon/containerd`). */
const DANGLING = 'moby-dangling';

function imageConfig(plan: ExportPlan, nowText: string): ImageConfig {
  const { image, layers } = plan;
  const drafts = plan.created === undefined ? image.history : dated(image, plan.created);
  const times = layers.map(({ created }) => created);
  const history = dateHistory(drafts, times, nowText);
  const last = history.reduce((latest, { created }) => (created > latest ? created : latest), '');
  const { os, architecture, variant } = image.platform;
  return {
    architecture,
    ...(image.author === undefined ? {} : { author: image.author }),
    config: writtenConfig(image.config),
    created: plan.created ?? (last === '' ? nowText : last),
    history,
    os,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...(variant === undefined || variant === '' ? {} : { variant }),
  };
}

const dated = ({ history }: DraftImage, created: string) =>
  history.map((entry) => ({ ...entry, created: entry.created ?? created }));

export function* exportImage(plan: ExportPlan) {
  const { machine, by, layers, tags } = plan;
  const startedMs = yield* now();
  const own = layers.reduce((sum, { size }) => sum + (size < 5_000_000 ? size : 0), 0);
  const layersMs = FIGURES.exportMs + Math.ceil(own / FIGURES.exportBytesPerMs);
  yield* sleep(layersMs);
  const config = imageConfig(plan, rfc3339Nano(yield* now()));
  const names = tags.map(fullReference);
  const request: BuilderRequest = { op: 'export', images: [{ config, layers }], names };
  const exported = yield* ask<ExportAnswer>(builderService(machine), request);
  yield* sleep(FIGURES.unpackMs);
  const statuses: ExportStatus[] = [];
  const add = (text: string, durationMs = 0) =>
    statuses.push({ text, startedMs, doneMs: startedMs + durationMs });
  add('exporting layers', layersMs);
  for (const { digest, configDigest } of exported.manifests) {
    add(`exporting manifest ${digest}`);
    add(`exporting config ${configDigest}`);
  }
  const shown = names.length > 0 ? names : [`${DANGLING}@${exported.digest}`];
  for (const name of shown) add(`naming to ${name}`);
  for (const name of shown) {
    add(`unpacking to ${name}`, FIGURES.unpackMs);
    const detail = { digest: exported.digest, machine };
    yield* record({ actor: by, verb: 'name', object: `image ${name}`, detail });
  }
  return { digest: exported.digest, statuses };
}
