/** Tasks in the chain of P5, and runs of it in one process: the first ones are for warming up. */
export const chainLength = 40;
export const warmUps = 2;
