/** The header in which pages find the path they were asked for; what a client sends in it is overwritten. */
export const pathHeader = 'x-lodestar-path';
