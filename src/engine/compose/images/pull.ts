import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import { authHeaders } from '../../docker/cli/credentials.ts';
import { daemonError, failed } from '../../docker/cli/invocation.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { Compose } from '../compose.ts';
import { Failure, refuse } from '../failure.ts';
import { done, warned, working, type Resource } from '../progress/resource.ts';
import { listen, next, type Strand } from '../together.ts';

/** One image, with news of its layers (docker/compose v5.5 `pkg/compose/pull.go`). */
export function* pullImage(
  compose: Compose,
  { image = '', platform, build }: Pick<Service, 'image' | 'platform' | 'build'>,
  { environment }: Pick<Project, 'environment'>,
  quiet: boolean,
): Strand {
  const { progress } = compose;
  const title = `Image ${image}`;
  yield* progress.on(working(title, 'Pulling'));
  const parsed = parseReference(image);
  if (!parsed.ok) refuse(parsed.message);
  const full = formatReference(withDefaultTag(parsed.reference));
  const wanted = platform ?? environment.DOCKER_DEFAULT_PLATFORM;
  const key = yield* listen({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: full, ...(wanted && { platform: wanted }) },
    headers: yield* authHeaders(compose.call, full),
  });
  for (;;) {
    const { chunks, answer } = yield* next<string>(key);
    if (!quiet) yield* progress.on(...chunks.flatMap((text) => layerNews(title, text)));
    if (!answer) continue;
    if (!failed(answer)) break;
    const why = daemonError(answer);
    yield* progress.on(build ? warned(title, why) : { id: title, status: 'error', text: why });
    throw new Failure(why);
  }
  yield* progress.on(done(title, 'Pulled'));
}

const LAYER = /^([0-9a-f]{12}): (.+)$/;
const OVER = ['Download complete', 'Already exists', 'Pull complete'];

/** Simplified: how much of a layer has come so far is not told. */
function layerNews(parent: string, text: string): Resource[] {
  return text.split('\n').flatMap((line): Resource[] => {
    const [, id, words] = LAYER.exec(line) ?? [];
    if (id === undefined || words === undefined) return [];
    const status = OVER.includes(words) ? 'done' : 'working';
    return [{ id, status, text: words, details: '0B', parent }];
  });
}
