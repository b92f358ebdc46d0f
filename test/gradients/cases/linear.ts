import { float } from "../../../src/graph/builder.js";
import { absent, constant, gradientCase, positive, variable, weight, type GradientCase } from "../gradientCase.js";

const matmulShapes = [
  [[3], [3]],
  [[3], [3, 2]],
  [[2, 3], [3]],
  [
    [2, 3],
    [3, 4],
  ],
  [
    [2, 3, 4],
    [4, 2],
  ],
  [
    [2, 3, 4],
    [2, 4, 5],
  ],
  [
    [3, 4],
    [2, 4, 5],
  ],
  [
    [2, 1, 3, 4],
    [3, 4, 2],
  ],
  [[4], [2, 4, 3]],
  [[2, 3, 4], [4]],
  [
    [2, 0, 3],
    [3, 2],
  ],
  [
    [null, 3],
    [3, 2],
  ],
  [
    [null, 2, 3],
    [null, 3, 4],
  ],
  [
    [null, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [null, 3, 1],
  ],
  [[null, 1, 3], [3]],
] as const;

const gemm = [0, 1].flatMap((transA) =>
  [0, 1].flatMap((transB) =>
    [[], [4], [3, 1], [1, 4], [3, 4]].map((bias) => {
      const dims = [transA === 0 ? [3, 2] : [2, 3], transB === 0 ? [2, 4] : [4, 2]] as const;
      return gradientCase("Gemm", [variable(dims[0]), variable(dims[1]), variable(bias)], { transA, transB, alpha: float(0.7), beta: float(-1.3) });
    }),
  ),
);

const equations: readonly (readonly [string, readonly (readonly (number | null)[])[]])[] = [
  [
    "ij,jk->ik",
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    "bij,bjk->bik",
    [
      [null, 2, 3],
      [null, 3, 2],
    ],
  ],
  [
    "bi,bj->bij",
    [
      [2, 3],
      [2, 4],
    ],
  ],
  [
    "bid,dhk->bhik",
    [
      [null, 3, 4],
      [4, 2, 3],
    ],
  ],
  ["bii->bi", [[2, 3, 3]]],
  ["ii", [[3, 3]]],
  [
    "iij,jk->ik",
    [
      [2, 2, 3],
      [3, 2],
    ],
  ],
  [
    "...ij,...kj->...ik",
    [
      [2, 3, 2],
      [2, 2, 2],
    ],
  ],
  [
    "...ij,jk",
    [
      [null, 2, 3],
      [3, 2],
    ],
  ],
  [
    "...i,...i->...",
    [
      [4, 3],
      [1, 3],
    ],
  ],
  ["ij->i", [[2, 3]]],
  ["ij->", [[null, 3]]],
  ["ij->ji", [[2, 3]]],
  ["i,j->", [[2], [3]]],
  [
    "ij,jk,kl->il",
    [
      [2, 3],
      [3, 2],
      [2, 4],
    ],
  ],
  ["ijk,k->j", [[2, 3, 2], [2]]],
  [
    "bij,bij->b",
    [
      [null, 2, 3],
      [null, 2, 3],
    ],
  ],
];

const fused = [0, 1].flatMap((transA) =>
  [0, 1].flatMap((transB) => [
    gradientCase(
      "com.microsoft:FusedMatMul",
      [variable(transA === 0 ? [2, 3] : [3, 2]), variable(transB === 0 ? [3, 4] : [4, 3])],
      { transA, transB, alpha: float(0.5) },
      { dtype: "float32" },
    ),
    gradientCase(
      "com.microsoft:FusedMatMul",
      [variable(transA === 0 ? [null, 2, 3] : [null, 3, 2]), variable(transB === 0 ? [3, 4] : [4, 3])],
      { transA, transB },
      { dtype: "float32" },
    ),
  ]),
);

const bytes = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 73 + 19) % 256);
/** Three columns of 32 weights in two blocks each. */
const packed = (bits: number) => constant("uint8", [3, 2, 2 * bits], bytes(12 * bits));

export const linear: readonly GradientCase[] = [
  ...matmulShapes.map(([p, q]) => gradientCase("MatMul", [variable(p), variable(q)])),
  gradientCase("MatMul", [variable([null, 3]), weight([3, 2])]),
  gradientCase("MatMul", [variable([null, 2, 3]), weight([3, 2])]),
  gradientCase("MatMul", [weight([2, 3]), variable([null, 3, 2])]),
  gradientCase("MatMul", [variable([2, 3]), weight([3])]),
  ...gemm,
  gradientCase("Gemm", [variable([null, 3]), weight([4, 3]), weight([4])], { transB: 1 }),
  gradientCase("Gemm", [variable([null, 3]), variable([3, 2])]),
  gradientCase("Gemm", [variable([2, 3]), variable([3, 2]), constant("float", [2], [1, 2])]),
  ...equations.map(([equation, shapes]) =>
    gradientCase(
      "Einsum",
      shapes.map((dims) => variable(dims)),
      { equation },
    ),
  ),
  ...fused,
  gradientCase("com.microsoft:FusedMatMul", [variable([3, 2, 4]), variable([2, 4, 5])], { transBatchA: 1 }, { dtype: "float32" }),
  gradientCase("com.microsoft:FusedMatMul", [variable([2, 3, 4]), variable([4, 2, 5])], { transBatchB: 1, alpha: float(2) }, { dtype: "float32" }),
  gradientCase("Det", [variable([3, 3])], {}, { dtype: "float32" }),
  gradientCase("Det", [variable([null, 2, 4, 4])], {}, { dtype: "float32" }),
  gradientCase("Det", [variable([1, 1])], {}, { dtype: "float32" }),
  gradientCase("com.microsoft:Inverse", [variable([2, 3, 3], positive)], {}, { tolerance: 0.01 }),
  ...[4, 8].map((bits) =>
    gradientCase(
      "com.microsoft:MatMulNBits",
      [variable([null, 2, 32]), packed(bits), weight([6], positive)],
      { K: 32, N: 3, bits, block_size: 16 },
      { dtype: "float32", form: `${bits} bits` },
    ),
  ),
  gradientCase(
    "com.microsoft:MatMulNBits",
    [variable([2, 32]), packed(4), weight([6], positive), absent, absent, weight([3])],
    { K: 32, N: 3, bits: 4, block_size: 16, accuracy_level: 1 },
    { dtype: "float32", form: "bias" },
  ),
  gradientCase(
    "com.microsoft:MatMulBnb4",
    [variable([null, 32]), constant("uint8", [48], bytes(48)), weight([6], positive)],
    { K: 32, N: 3, block_size: 16, quant_type: 1 },
    { dtype: "float32" },
  ),
  gradientCase("com.microsoft:TransposeMatMul", [variable([3, 2]), variable([3, 4])], { transA: 1 }, { dtype: "float32" }),
];
