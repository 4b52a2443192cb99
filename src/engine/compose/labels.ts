/** By what Compose finds again what it made (docker/compose v5.5 `pkg/api/labels.go`). */
export const COMPOSE_VERSION = '5.5.0';

const PREFIX = 'com.docker.compose';

export const LABEL = {
  configFiles: `${PREFIX}.project.config_files`,
  configHash: `${PREFIX}.config-hash`,
  dependsOn: `${PREFIX}.depends_on`,
  environmentFile: `${PREFIX}.project.environment_file`,
  hook: `${PREFIX}.hook`,
  image: `${PREFIX}.image`,
  network: `${PREFIX}.network`,
  number: `${PREFIX}.container-number`,
  oneOff: `${PREFIX}.oneoff`,
  project: `${PREFIX}.project`,
  replace: `${PREFIX}.replace`,
  service: `${PREFIX}.service`,
  slug: `${PREFIX}.slug`,
  version: `${PREFIX}.version`,
  volume: `${PREFIX}.volume`,
  workingDir: `${PREFIX}.project.working_dir`,
} as const;

export type Labels = Readonly<Record<string, string>>;

/** `filters` of the Engine API: every one of these labels. */
export const labelFilter = (...labels: readonly string[]): Record<string, string> => ({
  filters: JSON.stringify({ label: Object.fromEntries(labels.map((label) => [label, true])) }),
});

export const ofProject = (project: string): string => `${LABEL.project}=${project}`;
