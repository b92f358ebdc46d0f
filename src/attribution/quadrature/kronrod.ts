/** Gauss–Kronrod 7/15 on [0, 1]: `kronrod` integrates, `gauss` (zero at the nodes it does not use) gives the error by difference. Source: Piessens et al., QUADPACK (1983), QK15. */
export interface KronrodRule {
  readonly nodes: readonly number[];
  readonly kronrod: readonly number[];
  readonly gauss: readonly number[];
}

const positiveNodes = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945, 0.5860872354676911, 0.4058451513773972, 0.20778495500789848, 0,
];
const kronrodWeights = [
  0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592, 0.1690047266392679, 0.19035057806478542, 0.20443294007529889,
  0.20948214108472782,
];
const gaussWeights = [0, 0.1294849661688697, 0, 0.27970539148927664, 0, 0.3818300505051189, 0, 0.4179591836734694];

export const kronrodRule: KronrodRule = {
  nodes: [
    ...positiveNodes.map((x) => (1 - x) / 2),
    ...positiveNodes
      .slice(0, 7)
      .reverse()
      .map((x) => (1 + x) / 2),
  ],
  kronrod: symmetric(kronrodWeights),
  gauss: symmetric(gaussWeights),
};

function symmetric(half: readonly number[]): number[] {
  return [...half, ...half.slice(0, 7).reverse()].map((w) => w / 2);
}
