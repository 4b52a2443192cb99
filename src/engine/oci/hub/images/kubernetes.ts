import { DAY } from '../../../sim/clock.ts';
import { alpine } from '../base/alpine.ts';
import { DEFAULT_PATH, type CatalogueImage, type Platform } from '../image.ts';
import { layer, memo, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS } from './entrypoint.ts';

/**
 * What registry.k8s.io has: the components of a cluster, the pause image, and the example of the
 * walk-through of the HorizontalPodAutoscaler.
 *
 * Simplified: the components run and do nothing; what they do is done by the engine.
 */
const layersOf = memo((key) => (contents: Contents, bytes: number) => {
  const [name = '', architecture = ''] = key.split(' ');
  return layer(contents, bytes, `${name}/${architecture}`);
});

interface Component {
  readonly name: string;
  readonly path: string;
  /** Unpacked and compressed: model figures. */
  readonly bytes: readonly [number, number];
  readonly user?: string;
}

/** One static program and nothing else. */
const component =
  ({ name, path, bytes: [unpacked, packed], user }: Component) =>
  ({ architecture }: Platform): Recipe => {
    const made = layersOf(`${name} ${architecture}`);
    const config = { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' };
    const recipe = new Recipe(config, [], -30 * DAY)
      .copy(`${name} /${path}`, made({ [`${path}!`]: unpacked }, packed))
      .entrypoint(`/${path}`);
    return user === undefined ? recipe : recipe.user(user);
  };

const MB = 1_000_000;

const versioned = (tags: readonly string[], of: Component): readonly CatalogueImage[] => [
  { tags, build: component(of) },
];

const CORE = ['v1.36.0'];

const core = (name: string, unpacked: number, packed: number): readonly CatalogueImage[] =>
  versioned(CORE, {
    ...{ name, path: `usr/local/bin/${name}` },
    bytes: [unpacked * MB, packed * MB],
  });

/** php-apache of the documentation: every request computes for a while. */
const hpaExample = (platform: Platform): Recipe => {
  const made = layersOf(`hpa-example ${platform.architecture}`);
  return Recipe.from(alpine('3.22', platform), CREATED_MS)
    .env({ PORT: '80', CPU_MS: '100', RESPONSE_MS: '100', MESSAGE: 'OK!' })
    .copy('index.php /var/www/html/', made({ 'usr/local/bin/app': 9 * MB }, 4 * MB))
    .expose('80/tcp')
    .cmd('app');
};

export const KUBERNETES_IMAGES: Readonly<Record<string, readonly CatalogueImage[]>> = {
  'kube-apiserver': core('kube-apiserver', 89, 27),
  'kube-controller-manager': core('kube-controller-manager', 76, 23),
  'kube-scheduler': core('kube-scheduler', 52, 17),
  'kube-proxy': core('kube-proxy', 72, 26),
  etcd: versioned(['3.6.6-0'], {
    ...{ name: 'etcd', path: 'usr/local/bin/etcd', bytes: [62 * MB, 23 * MB] },
  }),
  'coredns/coredns': versioned(['v1.13.1'], {
    ...{ name: 'coredns', path: 'coredns', bytes: [78 * MB, 24 * MB], user: '65532:65532' },
  }),
  pause: versioned(['3.10.1', '3.10', '3.9', 'latest'], {
    ...{ name: 'pause', path: 'pause', bytes: [737_000, 320_000], user: '65535:65535' },
  }),
  'hpa-example': [{ tags: ['latest'], build: hpaExample }],
};
