/** How Mermaid is set up. Part of every drawing's name: a change here redraws every figure. */

/** Raised when the normal form changes, so that every drawing is made again. */
export const normalFormVersion = 4;

/** Text of nodes, and of what stands on lines, in CSS pixels. */
export const labelSizePx = 15;
export const smallLabelSizePx = 13;

/** Room for the symbol at the left of a node with a semantic class, in CSS pixels. */
export const symbolRoomPx = 24;

const family = 'Pretendard';

export const mermaidConfiguration = {
  startOnLoad: false,
  securityLevel: 'strict',
  layout: 'dagre',
  look: 'classic',
  theme: 'base',
  htmlLabels: false,
  deterministicIds: true,
  deterministicIDSeed: 'drydock',
  handDrawnSeed: 1,
  fontFamily: family,
  fontSize: labelSizePx,
  themeVariables: { fontFamily: family, fontSize: `${labelSizePx}px`, radius: 8 },
  // Only what changes a measure. Colours and lines come from styles/diagram.css.
  themeCSS: `
    .edgeLabel text, .edgeTerminals text { font-size: ${smallLabelSizePx}px; }
    .cluster-label text { font-size: ${smallLabelSizePx}px; font-weight: 600; }
    .label-group text { font-weight: 600; }
    .annotation-group text { font-size: ${smallLabelSizePx}px; }
  `,
  flowchart: {
    htmlLabels: false,
    curve: 'basis',
    padding: 10,
    nodeSpacing: 26,
    rankSpacing: 42,
    diagramPadding: 6,
    minNodeWidth: 48,
    wrappingWidth: 190,
    subGraphTitleMargin: { top: 0, bottom: 0 },
  },
  state: {
    layout: 'dagre',
    nodeSpacing: 40,
    rankSpacing: 44,
    minNodeWidth: 56,
    wrappingWidth: 190,
    padding: 10,
  },
  class: {
    htmlLabels: false,
    hideEmptyMembersBox: true,
    nodeSpacing: 40,
    rankSpacing: 50,
    padding: 10,
  },
  sequence: {
    mirrorActors: false,
    width: 88,
    height: 42,
    actorMargin: 26,
    diagramMarginX: 6,
    diagramMarginY: 6,
    messageMargin: 32,
    boxMargin: 8,
    noteMargin: 8,
    wrapPadding: 8,
    activationWidth: 8,
    actorFontFamily: family,
    actorFontSize: labelSizePx,
    messageFontFamily: family,
    messageFontSize: 14,
    noteFontFamily: family,
    noteFontSize: smallLabelSizePx,
  },
} as const;
