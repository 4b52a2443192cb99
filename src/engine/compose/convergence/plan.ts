import type { Network, Volume } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary } from '../../docker/api.ts';

/**
 * What has to be done so that the daemon has what the file says: single requests, and which of them
 * wait for which (docker/compose v5.5 `pkg/compose/plan.go`).
 */
export type Operation = { readonly resource: string; readonly cause: string } & (
  | {
      readonly type: 'CreateNetwork';
      readonly name: string;
      readonly key: string;
      readonly network: Network;
    }
  | { readonly type: 'RemoveNetwork'; readonly name: string; readonly bestEffort: boolean }
  | {
      readonly type: 'DisconnectNetwork' | 'ConnectNetwork';
      readonly name: string;
      readonly container: ContainerSummary;
    }
  | {
      readonly type: 'CreateVolume';
      readonly name: string;
      readonly key: string;
      readonly volume: Volume;
    }
  | { readonly type: 'RemoveVolume'; readonly name: string }
  | {
      readonly type: 'CreateContainer';
      readonly name: string;
      readonly service: Service;
      readonly number: number;
      /** The one it replaces, whose unnamed volumes it takes over. */
      readonly inherited?: ContainerSummary;
    }
  | {
      readonly type: 'StartContainer' | 'StopContainer' | 'RemoveContainer';
      readonly container: ContainerSummary;
    }
  | { readonly type: 'RenameContainer'; readonly name: string; readonly created: number }
);

export interface PlanNode {
  /** Counted from 1. */
  readonly id: number;
  readonly operation: Operation;
  readonly dependsOn: readonly PlanNode[];
  /** Shown as one: `recreate:web:1`. */
  readonly group: string;
}

export class Plan {
  readonly nodes: PlanNode[] = [];

  add(operation: Operation, dependsOn: readonly PlanNode[] = [], group = ''): PlanNode {
    const node = { id: this.nodes.length + 1, operation, dependsOn, group };
    this.nodes.push(node);
    return node;
  }

  /** `[1] -> #2 service:web:1, CreateContainer, no existing container`, a line each. */
  toString(): string {
    return this.nodes
      .map(({ id, operation: { resource, type, cause }, dependsOn, group }) => {
        const before = dependsOn.map((node) => node.id).sort((a, b) => a - b);
        const tail = group === '' ? '' : ` [${group}]`;
        return `[${before.join(',')}] -> #${id} ${resource}, ${type}, ${cause}${tail}\n`;
      })
      .join('');
  }
}
