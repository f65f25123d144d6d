import type { KeyRotation, KeyRotations } from '../../access/keys/key-rotation.ts';
import type { KeyStore } from '../../access/keys/key-store.ts';
import type { HandlersOf } from '../handler.ts';
import { pageOfAll } from './pages.ts';

type RotationOperation =
  | 'EnableKeyRotation'
  | 'DisableKeyRotation'
  | 'GetKeyRotationStatus'
  | 'ListKeyRotations'
  | 'RotateKeyOnDemand';

type Parts = { readonly store: KeyStore; readonly rotations: KeyRotations };

/** Rotation of keys, as KMS has it. */
export const rotationHandlers = ({ store, rotations }: Parts): HandlersOf<RotationOperation> => ({
  async EnableKeyRotation({ KeyId, RotationPeriodInDays }, caller) {
    await rotations.enable(KeyId, caller, RotationPeriodInDays);
    return {};
  },

  async DisableKeyRotation({ KeyId }, caller) {
    await rotations.disable(KeyId, caller);
    return {};
  },

  async GetKeyRotationStatus({ KeyId }, caller) {
    const { arn, rotation_days: days, rotate_at: at } = await store.find(KeyId, caller);
    if (days === null || at === null) return { KeyRotationEnabled: false, KeyId: arn };
    return { KeyRotationEnabled: true, KeyId: arn, RotationPeriodInDays: days, NextRotationDate: at / 1000 };
  },

  async ListKeyRotations({ KeyId, IncludeKeyMaterial = 'ROTATIONS_ONLY', ...input }, caller) {
    const all = await rotations.list(KeyId, caller);
    const wanted = IncludeKeyMaterial === 'ALL_KEY_MATERIAL' ? all : all.filter(({ rotation }) => rotation !== null);
    const current = all.at(-1)?.version;
    const { items, page } = pageOfAll(wanted, input, ({ version }) => String(version).padStart(10, '0'));
    return { Rotations: items.map((rotation) => listed(KeyId, rotation, rotation.version === current)), ...page };
  },

  RotateKeyOnDemand: async ({ KeyId }, caller) => ({ KeyId: await rotations.rotate(KeyId, caller) }),
});

const listed = (KeyId: string, { material_id, rotation, created_at }: KeyRotation, isCurrent: boolean) => ({
  KeyId,
  KeyMaterialId: material_id,
  KeyMaterialState: isCurrent ? ('CURRENT' as const) : ('NON_CURRENT' as const),
  ...(rotation !== null && { RotationDate: created_at / 1000, RotationType: rotation }),
});
