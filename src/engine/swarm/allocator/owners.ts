/** Who holds an address on a network: its kind and its id. */
export const ownerOfTask = (id: string): string => `task ${id}`;

export const ownerOfNode = (id: string): string => `node ${id}`;

export const ownerOfService = (id: string): string => `service ${id}`;

/** A container that joined by hand. */
export const ownerOfAttachment = (machine: string, container: string): string =>
  `attachment ${machine} ${container}`;
