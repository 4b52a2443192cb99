import { alpine } from '../base/alpine.ts';
import { debian } from '../base/debian.ts';
import { ubiMinimal } from '../base/oracle-linux.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from '../base/debian-files.ts';
import { directory } from '../../entry.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { dirs, files, filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt, withLine } from './entrypoint.ts';

/** Web servers, the registry, and two applications that take long to start. */
const layersOf = memo((key) => (part: string, contents: Contents, bytes = 0) => {
  const [name = '', architecture = ''] = key.split(' ');
  return layer(contents, bytes, `${name}-${part}/${architecture}`);
});

const pathOf = ({ config }: Recipe): string =>
  (config.Env ?? []).find((pair) => pair.startsWith('PATH='))?.slice(5) ?? '';

const HTTPD_CONF =
  'ServerRoot "/usr/local/apache2"\nListen 80\nUser www-data\nGroup www-data\n' +
  'ServerAdmin you@example.com\nDocumentRoot "/usr/local/apache2/htdocs"\n' +
  'DirectoryIndex index.html\nErrorLog /proc/self/fd/2\nCustomLog /proc/self/fd/1 common\n';

/** docker-library/httpd `2.4/Dockerfile`. */
const httpd =
  (base: 'debian' | 'alpine') =>
  (platform: Platform): Recipe => {
    const made = layersOf(`httpd-2.4.66-${base} ${platform.architecture}`);
    const from = base === 'debian' ? debian('trixie-slim', platform) : alpine('3.22', platform);
    const prefix = 'usr/local/apache2';
    const server = filledTo(base === 'debian' ? 33_000_000 : 54_000_000, `${prefix}/modules/rest`, {
      [`${prefix}/bin/httpd`]: 1_100_000,
      ...files(`${prefix}/bin/`, 'ab apachectl htpasswd rotatelogs', 80_000),
      [`${prefix}/conf/httpd.conf`]: HTTPD_CONF,
      [`${prefix}/conf/mime.types`]: 'text/html\thtml htm\ntext/plain\ttxt\n',
      [`${prefix}/htdocs/index.html`]:
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html>\n<head>\n<title>It works! Apache httpd</title>\n</head>\n<body>\n<p>It works!</p>\n</body>\n</html>\n',
      [`${prefix}/logs`]: 'dir',
    });
    const foreground =
      '#!/bin/sh\nset -e\nrm -f /usr/local/apache2/logs/httpd.pid\nexec httpd -DFOREGROUND "$@"\n';
    return Recipe.from(from, CREATED_MS)
      .env({ HTTPD_PREFIX: '/usr/local/apache2' })
      .env({ PATH: `/usr/local/apache2/bin:${pathOf(from)}` })
      .run('mkdir -p "$HTTPD_PREFIX" \t&& chown www-data:www-data', made('prefix', dirs(prefix)))
      .workdir('/usr/local/apache2', made('workdir', {}))
      .run(
        'set -eux; \tapt-get update',
        made('runtime', { 'usr/lib/libaprutil-1.so.0': 4_000_000 }, 2_600_000),
      )
      .env({ HTTPD_VERSION: '2.4.66' })
      .env({ HTTPD_PATCHES: '' })
      .run(
        'set -eux; \t\tsavedAptMark="$(apt-mark showmanual)"',
        made('server', server, 12_600_000),
      )
      .stopSignal('SIGWINCH')
      .copy(
        'httpd-foreground /usr/local/bin/',
        made('foreground', { 'usr/local/bin/httpd-foreground': foreground }),
      )
      .expose('80/tcp')
      .cmd('httpd-foreground');
  };

export const HTTPD: readonly CatalogueImage[] = [
  { tags: ['latest', '2', '2.4', '2.4.66', 'trixie', '2.4-trixie'], build: httpd('debian') },
  { tags: ['alpine', '2-alpine', '2.4-alpine', '2.4.66-alpine'], build: httpd('alpine') },
];

const REGISTRY_CONFIG = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;

/** distribution/distribution-library-image, 3.0.0 and 2.8.3. */
const registry =
  (version: '3.0.0' | '2.8.3') =>
  (platform: Platform): Recipe => {
    const made = layersOf(`registry-${version} ${platform.architecture}`);
    const third = version.startsWith('3');
    const config = third ? 'etc/distribution/config.yml' : 'etc/docker/registry/config.yml';
    const bytes = third ? [51_000_000, 15_000_000] : [18_500_000, 6_600_000];
    const certificates = { 'etc/ssl/certs/ca-certificates.crt': 218_000 };
    let recipe = Recipe.from(alpine('3.21', platform), CREATED_MS)
      .run('apk add --no-cache ca-certificates', made('certificates', certificates, 300_000))
      .run('set -eux; \tversion=', made('registry', { 'bin/registry': bytes[0]! }, bytes[1]))
      .copy(`./config-example.yml /${config}`, made('config', { [config]: REGISTRY_CONFIG }));
    if (third) recipe = recipe.env({ OTEL_TRACES_EXPORTER: 'none' });
    return recipe
      .volume('/var/lib/registry')
      .expose('5000/tcp')
      .copy('entrypoint.sh /entrypoint.sh', entrypointAt('entrypoint.sh', 'registry'))
      .entrypoint('/entrypoint.sh')
      .cmd(`/${config}`);
  };

export const REGISTRY: readonly CatalogueImage[] = [
  { tags: ['latest', '3', '3.0', '3.0.0'], build: registry('3.0.0') },
  { tags: ['2', '2.8', '2.8.3'], build: registry('2.8.3') },
];

/** jenkinsci/docker `debian/Dockerfile`: Java 21 and the war. */
const jenkins =
  (version: string) =>
  (platform: Platform): Recipe => {
    const made = layersOf(`jenkins-${version} ${platform.architecture}`);
    const home = '/var/jenkins_home';
    const from = debian('trixie-slim', platform);
    const tools = files('usr/bin/', 'curl git gpg ssh tini unzip procps-model', 2_000_000);
    const users = {
      'etc/passwd': withLine(DEBIAN_PASSWD, 'jenkins:x:1000:1000::/var/jenkins_home:/bin/bash'),
      'etc/group': withLine(DEBIAN_GROUP, 'jenkins:x:1000:'),
      [home.slice(1)]: owned(directory(), 1000),
      [`${home.slice(1)}/secrets`]: owned(directory(0o700), 1000),
    };
    const java = files('opt/java/openjdk/bin/', 'java jar jlink keytool', 120_000);
    return Recipe.from(from, CREATED_MS)
      .run(
        'apt-get update',
        made('tools', filledTo(117_000_000, 'usr/share/model', tools), 49_800_000),
      )
      .env({ LANG: 'C.UTF-8' })
      .env({ JENKINS_HOME: home })
      .env({ JENKINS_SLAVE_AGENT_PORT: '50000' })
      .env({ REF: '/usr/share/jenkins/ref' })
      .run(`mkdir -p $JENKINS_HOME   && chown 1000:1000 $JENKINS_HOME`, made('users', users))
      .volume(home)
      .env({ JENKINS_UC: 'https://updates.jenkins.io' })
      .env({ JENKINS_UC_EXPERIMENTAL: 'https://updates.jenkins.io/experimental' })
      .env({ JENKINS_INCREMENTALS_REPO_MIRROR: 'https://repo.jenkins-ci.org/incrementals' })
      .run(
        'curl -fsSL ${PLUGIN_CLI_URL}',
        made('plugins', { 'opt/jenkins-plugin-manager.jar': 7_000_000 }, 6_300_000),
      )
      .expose('8080/tcp')
      .expose('50000/tcp')
      .env({ COPY_REFERENCE_FILE_LOG: `${home}/copy_reference_file.log` })
      .env({ JAVA_HOME: '/opt/java/openjdk' })
      .env({ PATH: `/opt/java/openjdk/bin:${pathOf(from)}` })
      .copy(
        '/javaruntime /opt/java/openjdk',
        made('java', filledTo(100_000_000, 'opt/java/openjdk/lib/modules', java), 78_900_000),
      )
      .copy(
        '/war/jenkins.war /usr/share/jenkins/jenkins.war',
        made('war', { 'usr/share/jenkins/jenkins.war': 97_300_000 }, 96_500_000),
      )
      .user('jenkins')
      .copy(
        'jenkins-support /usr/local/bin/jenkins-support',
        made('support', { 'usr/local/bin/jenkins-support!': '#!/bin/bash\n' }),
      )
      .copy(
        'jenkins.sh /usr/local/bin/jenkins.sh',
        entrypointAt('usr/local/bin/jenkins.sh', 'jenkins'),
      )
      .copy(
        'jenkins-plugin-cli.sh /bin/jenkins-plugin-cli',
        made('cli', { 'usr/bin/jenkins-plugin-cli!': '#!/bin/bash\n' }),
      )
      .env({ JENKINS_VERSION: version })
      .entrypoint('/usr/bin/tini', '--', '/usr/local/bin/jenkins.sh')
      .label({
        'org.opencontainers.image.vendor': 'Jenkins project',
        'org.opencontainers.image.version': version,
      });
  };

export const JENKINS: readonly CatalogueImage[] = [
  {
    tags: ['lts', 'lts-jdk21', '2.528.3', '2.528.3-jdk21', '2.528.3-lts'],
    build: jenkins('2.528.3'),
  },
  { tags: ['latest', 'latest-jdk21', 'jdk21', '2.544', '2.544-jdk21'], build: jenkins('2.544') },
];

/** jenkinsci/docker-agents `debian/Dockerfile`: what builds run in. */
const inboundAgent = (platform: Platform): Recipe => {
  const made = layersOf(`inbound-agent-3345 ${platform.architecture}`);
  const from = debian('trixie-slim', platform);
  const users = {
    'etc/passwd': withLine(DEBIAN_PASSWD, 'jenkins:x:1000:1000::/home/jenkins:/bin/bash'),
    'etc/group': withLine(DEBIAN_GROUP, 'jenkins:x:1000:'),
    'home/jenkins': owned(directory(), 1000),
    'home/jenkins/agent': owned(directory(), 1000),
  };
  const java = files('opt/java/openjdk/bin/', 'java jar', 120_000);
  const tools = files('usr/bin/', 'curl git ssh', 2_000_000);
  return Recipe.from(from, CREATED_MS)
    .run('groupadd -g 1000 jenkins', made('users', users))
    .run(
      'apt-get update',
      made('tools', filledTo(96_000_000, 'usr/share/model', tools), 40_100_000),
    )
    .run(
      'curl --create-dirs -fsSLo /usr/share/jenkins/agent.jar',
      made('agent', { 'usr/share/jenkins/agent.jar': 1_400_000 }, 1_300_000),
    )
    .env({ JAVA_HOME: '/opt/java/openjdk' })
    .env({ PATH: `/opt/java/openjdk/bin:${pathOf(from)}` })
    .copy(
      '/javaruntime /opt/java/openjdk',
      made('java', filledTo(100_000_000, 'opt/java/openjdk/lib/modules', java), 78_900_000),
    )
    .user('jenkins')
    .workdir('/home/jenkins', made('workdir', {}))
    .copy(
      'jenkins-agent /usr/local/bin/jenkins-agent',
      entrypointAt('usr/local/bin/jenkins-agent', 'jenkins-agent'),
    )
    .entrypoint('/usr/local/bin/jenkins-agent');
};

export const INBOUND_AGENT: readonly CatalogueImage[] = [
  { tags: ['latest', 'latest-jdk21', 'jdk21', '3345.v03dee9b_f88fc-1'], build: inboundAgent },
];

/** sonatype/docker-nexus3, with its own Java, on UBI 8 minimal (of which one model layer). */
const nexus = (platform: Platform): Recipe => {
  const made = layersOf(`nexus3-3.87.1 ${platform.architecture}`);
  const home = '/opt/sonatype/nexus';
  const passwd =
    'root:x:0:0:root:/root:/bin/bash\nnexus:x:200:200:Nexus Repository Manager user:/opt/sonatype/nexus:/bin/false\n';
  const server = filledTo(480_000_000, 'opt/sonatype/nexus/system/model', {
    'opt/sonatype/nexus/bin/nexus!': 16_000,
    'opt/sonatype/nexus/etc/nexus-default.properties':
      'application-port=8081\napplication-host=0.0.0.0\n',
    'nexus-data/etc': 'dir',
    'nexus-data/log': 'dir',
    'nexus-data/tmp': 'dir',
    'opt/sonatype/sonatype-work/nexus3': '-> /nexus-data',
  });
  return Recipe.from(ubiMinimal(platform), CREATED_MS)
    .label({ name: 'Nexus Repository Manager', vendor: 'Sonatype', version: '3.87.1-01' })
    .env({ SONATYPE_DIR: '/opt/sonatype' })
    .env({
      NEXUS_HOME: home,
      NEXUS_DATA: '/nexus-data',
      NEXUS_CONTEXT: '',
      SONATYPE_WORK: '/opt/sonatype/sonatype-work',
      DOCKER_TYPE: '3x-docker',
    })
    .run(
      'microdnf update -y',
      made(
        'java',
        {
          'usr/bin/java': 190_000_000,
          'usr/bin/curl': 300_000,
          'etc/passwd': passwd,
          'etc/group': 'root:x:0:\nnexus:x:200:\n',
        },
        98_000_000,
      ),
    )
    .workdir('/opt/sonatype', made('workdir', dirs('opt/sonatype')))
    .run('curl -L ${NEXUS_DOWNLOAD_URL}', made('server', server, 330_000_000))
    .volume('/nexus-data')
    .expose('8081/tcp')
    .user('nexus')
    .env({
      INSTALL4J_ADD_VM_PARAMS:
        '-Xms2703m -Xmx2703m -Djava.util.prefs.userRoot=/nexus-data/javaprefs',
    })
    .cmd('/opt/sonatype/nexus/bin/nexus', 'run');
};

export const NEXUS: readonly CatalogueImage[] = [
  { tags: ['latest', '3.87.1', '3.87.1-java21'], build: nexus },
];
