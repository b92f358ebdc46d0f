import type { MethodName } from "../../protocol/names.js";
import type { Method } from "../method.js";
import { deepLift } from "./deepLift.js";
import { deepLiftShap } from "./deepLiftShap.js";
import { featureAblation } from "./featureAblation.js";
import { featurePermutation } from "./featurePermutation.js";
import { occlusion } from "./occlusion.js";
import { shapleyValues } from "./shapleyValues.js";
import { shapleyValueSampling } from "./shapleyValueSampling.js";
import { kernelShap } from "./kernelShap.js";
import { lime } from "./lime.js";
import { layerDeepLift } from "./layerDeepLift.js";
import { layerDeepLiftShap } from "./layerDeepLiftShap.js";
import { neuronDeepLift } from "./neuronDeepLift.js";
import { neuronDeepLiftShap } from "./neuronDeepLiftShap.js";
import { layerFeatureAblation } from "./layerFeatureAblation.js";
import { neuronFeatureAblation } from "./neuronFeatureAblation.js";
import { gradientShap } from "./gradientShap.js";
import { inputXGradient } from "./inputXGradient.js";
import { integratedGradients } from "./integratedGradients.js";
import { internalInfluence } from "./internalInfluence.js";
import { layerActivation } from "./layerActivation.js";
import { layerConductance } from "./layerConductance.js";
import { layerGradientShap } from "./layerGradientShap.js";
import { layerGradientXActivation } from "./layerGradientXActivation.js";
import { layerIntegratedGradients } from "./layerIntegratedGradients.js";
import { neuronConductance } from "./neuronConductance.js";
import { neuronGradient } from "./neuronGradient.js";
import { neuronGradientShap } from "./neuronGradientShap.js";
import { neuronIntegratedGradients } from "./neuronIntegratedGradients.js";
import { guidedBackprop } from "./guidedBackprop.js";
import { deconvolution } from "./deconvolution.js";
import { gradCam } from "./gradCam.js";
import { guidedGradCam } from "./guidedGradCam.js";
import { layerGradCam } from "./layerGradCam.js";
import { neuronGuidedBackprop } from "./neuronGuidedBackprop.js";
import { neuronDeconvolution } from "./neuronDeconvolution.js";
import { lrp } from "./lrp.js";
import { layerLrp } from "./layerLrp.js";
import { treeShap } from "./treeShap.js";
import { saliency } from "./saliency.js";

/** THE table of methods, in the order in which they are listed to people. */
export const methods: Readonly<Partial<Record<MethodName, Method>>> = {
  integratedGradients,
  saliency,
  inputXGradient,
  gradientShap,
  deepLift,
  deepLiftShap,
  guidedBackprop,
  deconvolution,
  gradCam,
  guidedGradCam,
  lrp,
  featureAblation,
  featurePermutation,
  occlusion,
  shapleyValues,
  shapleyValueSampling,
  kernelShap,
  lime,
  treeShap,
  layerActivation,
  layerGradientXActivation,
  layerConductance,
  internalInfluence,
  layerIntegratedGradients,
  layerGradientShap,
  layerGradCam,
  layerLrp,
  layerDeepLift,
  layerDeepLiftShap,
  layerFeatureAblation,
  neuronGradient,
  neuronIntegratedGradients,
  neuronGradientShap,
  neuronConductance,
  neuronDeepLift,
  neuronDeepLiftShap,
  neuronGuidedBackprop,
  neuronDeconvolution,
  neuronFeatureAblation,
};
