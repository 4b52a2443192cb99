import type { Registries, RegistryOptions } from '../registry.ts';

/**
 * Registries on the internet that every world knows beside Docker Hub: a company's own with names
 * and passwords, and one of Amazon's, whose passwords end after twelve hours.
 */
const PRIVATE_REGISTRY = 'registry.example.com';
export const ECR_REGISTRY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com';

export const USUAL_REGISTRIES: Readonly<Record<string, RegistryOptions>> = {
  [PRIVATE_REGISTRY]: {
    transport: 'https',
    access: { auth: 'basic', accounts: { dev: 'secret' } },
  },
  [ECR_REGISTRY]: { transport: 'https', access: { auth: 'ecr' } },
};

/** Docker Hub: strangers may pull, an account may push under its own name. */
export const HUB_OPTIONS: RegistryOptions = {
  transport: 'https',
  access: { auth: 'hub', accounts: { me: 'secret' } },
};

export function addUsualRegistries(registries: Registries): void {
  for (const [host, options] of Object.entries(USUAL_REGISTRIES)) registries.addHost(host, options);
}
