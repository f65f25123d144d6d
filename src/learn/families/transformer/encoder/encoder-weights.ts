/** Whether a tensor of a model is among the encoder's weights: their names have points. */
export const isWeight = (tensor: string): boolean => tensor.includes('.');
