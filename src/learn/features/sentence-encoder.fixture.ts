import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnnx } from '../tensor/onnx/model.ts';

const words = ['[PAD]', '[UNK]', 'rocket', 'planet', 'oven', 'bread', '##s'];
/** Words of space and of the kitchen have like vectors; the ending has none. */
const vectors = [0, 0, 0, 0, 3, 0.5, 2, 0, 0, 3, 0, 2, 0, 0];

/** A sentence encoder that looks up a vector a token, with a WordPiece tokenizer. */
export async function writeEncoder(folder: string): Promise<void> {
  const open = -1;
  const graph = writeOnnx({
    name: 'encoder',
    inputs: [{ name: 'input_ids', type: 'int64', shape: [open, open] }],
    outputs: [{ name: 'last_hidden_state', type: 'float32', shape: [open, open, 2] }],
    initializers: [
      { name: 'vectors', type: 'float32', shape: [7, 2], bytes: new Uint8Array(Float32Array.from(vectors).buffer) },
    ],
    nodes: [
      {
        operator: 'Gather',
        domain: '',
        attributes: {},
        inputs: ['vectors', 'input_ids'],
        outputs: ['last_hidden_state'],
      },
    ],
  });
  await writeFile(join(folder, 'model.onnx'), graph);
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, n) => [word, n])),
    },
  };
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
}
