import type { FileObject, Project } from '../../compose-file/project.ts';
import type { FileReference } from '../../compose-file/service-attachments.ts';
import type { Service } from '../../compose-file/service.ts';
import { writeTar } from '../../oci/tar.ts';
import { bodyOf, refuse } from '../failure.ts';
import { answerTo, type Strand } from '../together.ts';
import { targetOf } from './mounts.ts';

/**
 * Secrets and configs that are no files of the host, but a variable's value or a text of the
 * Compose file, are copied into the container before it starts (docker/compose v5.5
 * `pkg/compose/secrets.go`).
 */
export function* injectFiles(project: Project, service: Service, id: string): Strand {
  const { secrets = [], configs = [] } = service;
  for (const one of secrets) yield* inject(project, service, id, 'secret', one);
  for (const one of configs) yield* inject(project, service, id, 'config', one);
}

function* inject(
  project: Project,
  service: Service,
  id: string,
  kind: 'secret' | 'config',
  reference: FileReference,
): Strand {
  const { source = '' } = reference;
  const object = (kind === 'secret' ? project.secrets : project.configs)[source] ?? {};
  const text = contentOf(project, object, kind, object.name ?? source);
  if (text === '') return;
  if (service.read_only) {
    const what = `cannot create ${kind} "${object.name ?? source}" in read-only service`;
    refuse(`${what} ${service.name}: \`file\` is the sole supported option`);
  }
  const { uid = '0', gid = '0', mode = 0o444 } = reference;
  const path = targetOf(kind, reference).slice(1);
  const content = new TextEncoder().encode(text);
  const owner = { mode, uid: Number(uid), gid: Number(gid) };
  const { bytes } = writeTar([[path, { type: 'file', ...owner, content }]]);
  const isOwned = reference.uid !== undefined || reference.gid !== undefined;
  const query = { path: '/', ...(isOwned && { copyUIDGID: '1' }) };
  bodyOf(yield* answerTo({ method: 'PUT', path: `/containers/${id}/archive`, query, body: bytes }));
}

function contentOf(
  { environment }: Project,
  object: FileObject,
  kind: string,
  name: string,
): string {
  if (object.content) return object.content;
  if (!object.environment) return '';
  const value = environment[object.environment];
  if (value !== undefined) return value;
  return refuse(
    `environment variable "${object.environment}" required by ${kind} "${name}" is not set`,
  );
}
