/** Names of the attribution methods, as in the reference cases, the command line and the panel. */
export const methodNames = [
  "integratedGradients",
  "saliency",
  "inputXGradient",
  "gradientShap",
  "deepLift",
  "deepLiftShap",
  "guidedBackprop",
  "deconvolution",
  "gradCam",
  "guidedGradCam",
  "lrp",
  "featureAblation",
  "featurePermutation",
  "occlusion",
  "shapleyValues",
  "shapleyValueSampling",
  "kernelShap",
  "lime",
  "layerActivation",
  "layerGradientXActivation",
  "layerConductance",
  "internalInfluence",
  "layerIntegratedGradients",
  "layerDeepLift",
  "layerDeepLiftShap",
  "layerGradientShap",
  "layerGradCam",
  "layerLrp",
  "layerFeatureAblation",
  "neuronGradient",
  "neuronIntegratedGradients",
  "neuronConductance",
  "neuronDeepLift",
  "neuronDeepLiftShap",
  "neuronGradientShap",
  "neuronGuidedBackprop",
  "neuronDeconvolution",
  "neuronFeatureAblation",
  "treeShap",
] as const;
export type MethodName = (typeof methodNames)[number];

/** What an input is, as far as graph, names, shapes and neighbours of the model tell. */
export const inputRoles = ["tokens", "mask", "tokenTypes", "positions", "features", "categories", "image", "audio", "state", "flag", "unknown"] as const;
export type InputRole = (typeof inputRoles)[number];

export const outputRoles = ["probabilities", "logits", "regression", "embedding", "unknown"] as const;
export type OutputRole = (typeof outputRoles)[number];

/** Quadrature rules on [0, 1]; `adaptive` is the default, `nested` one of its levels, with the level below as error estimate. */
export const ruleNames = ["adaptive", "nested", "gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid"] as const;
export type RuleName = (typeof ruleNames)[number];

/** Noise tunnels: what becomes of a method's answers for noisy copies of the sample. */
export const noiseNames = ["smoothgrad", "smoothgradSquared", "vargrad"] as const;
export type NoiseName = (typeof noiseNames)[number];

/** Measures of how far an explanation can be trusted. */
export const measureNames = ["infidelity", "sensitivity", "deletion", "insertion", "randomisation", "agreement", "baselines"] as const;
export type MeasureName = (typeof measureNames)[number];
