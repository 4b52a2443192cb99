import { fail } from '../failure.ts';
import type { Project } from '../project.ts';
import type { Service } from '../service.ts';

/** How many containers a service has (`scale`, else `deploy.replicas`, else one). */
export const scaleOf = ({ scale, deploy }: Pick<Service, 'scale' | 'deploy'>): number =>
  scale ?? deploy?.replicas ?? 1;

/** `--scale SERVICE=N`: the count in both places that name it. */
export function withScale(project: Project, name: string, scale: number): Project {
  const service = project.services[name];
  if (!service) return fail(`no such service: ${name}`);
  const deploy = service.deploy && { ...service.deploy, replicas: scale };
  const scaled = { ...service, scale, ...(deploy && { deploy }) };
  return { ...project, services: { ...project.services, [name]: scaled } };
}

/** Why a service with a name of its own cannot have several containers; undefined when it can. */
export function doubledNameProblem(
  { name, container_name: own }: Pick<Service, 'name' | 'container_name'>,
  scale: number,
): string | undefined {
  if (!own || scale <= 1) return undefined;
  return (
    `WARNING: The "${name}" service is using the custom container name "${own}". ` +
    'Docker requires each container to have a unique name. Remove the custom name to scale the service'
  );
}
