import type { Docker } from '../../docker/daemon.ts';
import type { Addresses } from '../../net/address.ts';
import type { Links } from '../../net/link.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Allocator } from '../allocator/allocator.ts';
import type { Agent } from '../agent/agent.ts';
import type { Dispatcher } from '../dispatcher/dispatcher.ts';
import type { LeaderLoops } from '../leader-loops.ts';
import type { SwarmStore } from '../store.ts';
import type { Locals } from './locals.ts';
import type { Quorum } from './quorum.ts';

/** What a swarm is made of and stands on. */
export interface SwarmRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly links: Links;
  readonly addresses: Addresses;
  readonly docker: Docker;
  readonly locals: Locals;
  readonly quorum: Quorum;
  readonly store: SwarmStore;
  readonly loops: LeaderLoops;
  readonly dispatcher: Dispatcher;
  readonly agent: Agent;
  readonly allocator: Allocator;
}
