/**
 * Boole's rule on five equidistant nodes of [0, 1] with the two Simpson rules that it is made of (it is their Richardson extrapolation, (16·fine − coarse)/15).
 * A half of the interval has three of its five nodes already, so halving costs four new ones.
 * Source: Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.5 and 6.2.
 */
export const booleRule = {
  boole: [7 / 90, 32 / 90, 12 / 90, 32 / 90, 7 / 90],
  coarse: [1 / 6, 0, 4 / 6, 0, 1 / 6],
  fine: [1 / 12, 4 / 12, 2 / 12, 4 / 12, 1 / 12],
} as const;
