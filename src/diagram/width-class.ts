/** Steps of the widths that styles know (`figure-width-N`, N x 40 px), and the last of them. */
const widthStepPx = 40;
const widthSteps = 40;

/** The class by which styles keep a drawing of this width, in px, readable on a phone. */
export const widthClass = (widthPx: number): string =>
  `figure-width-${Math.min(Math.ceil(widthPx / widthStepPx), widthSteps)}`;
