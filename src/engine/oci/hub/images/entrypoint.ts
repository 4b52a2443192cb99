import { DAY } from '../../../sim/clock.ts';
import type { Layer } from '../../layer.ts';
import type { Platform } from '../image.ts';
import { layer, memo } from '../layers.ts';

/** When the images that stand on another were made: model figure. */
export const CREATED_MS = -26 * DAY;

/** Simplified: the entrypoints' work is done by the models of the servers. */
const ENTRYPOINT = '#!/bin/sh\n# Prepares what the server needs, then becomes it.\nexec "$@"\n';

const made = memo((path) => layer({ [`${path}!`]: ENTRYPOINT }, 0, path));

/** A layer with nothing but the entrypoint script at a path. */
export const entrypointAt = (path: string, _platform: Platform): Layer => made(path);

/** A line more at the end of /etc/passwd or /etc/group. */
export const withLine = (file: string, line: string): string => `${file}${line}\n`;
