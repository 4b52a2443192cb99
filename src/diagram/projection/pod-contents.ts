import type { World } from '../../engine/world.ts';
import type { Labels } from '../../engine/kubernetes/apimachinery/object.ts';
import type { NodeView } from './figure-view.ts';

/**
 * What is inside the first container of a Pod, for figures that show one beside its Pod: a variable
 * (`env[app=web,name=GREETING]#1`) or a file (`file[app=web,path=/etc/settings/greeting]#1`).
 */
export function valueInPod(world: World, pod: string, { name, path }: Labels): NodeView {
  const object = `Pod default/${pod}`;
  const found = world.cluster?.client.get('pods', 'default', pod);
  const node = found?.spec.nodeName;
  const [status] = found?.status.containerStatuses ?? [];
  const id = status?.containerID?.replace(/^containerd:\/\//, '');
  if (node === undefined || id === undefined) return { state: 'empty', object };
  const value =
    path === undefined
      ? world.environmentOf(node, id)?.[name ?? '']
      : world.files.read(`${node}/${id}`, path)?.content;
  return value === undefined ? { state: 'empty', object } : { badge: value, object };
}
