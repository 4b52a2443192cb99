import { extensible, list, mapOf, NAME, ref, text, type SchemaDocument } from '../schema.ts';
import { deployDefinitions } from './deploy.ts';
import { resourceDefinitions } from './resources.ts';
import { serviceSchema } from './service.ts';
import { sharedDefinitions } from './shared.ts';

/** A whole Compose file (compose-go v2.13 `schema/compose-spec.json`). */
export const COMPOSE_SCHEMA: SchemaDocument = {
  root: extensible({
    version: text,
    name: text,
    include: list(ref('include')),
    services: mapOf(NAME, ref('service'), { additional: false }),
    models: mapOf(NAME, ref('model')),
    networks: mapOf(NAME, ref('network')),
    volumes: mapOf(NAME, ref('volume'), { additional: false }),
    secrets: mapOf(NAME, ref('secret'), { additional: false }),
    configs: mapOf(NAME, ref('config'), { additional: false }),
  }),
  definitions: {
    service: serviceSchema,
    ...deployDefinitions,
    ...resourceDefinitions,
    ...sharedDefinitions,
  },
};
