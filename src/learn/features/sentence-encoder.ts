import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Turns texts into vectors of length 1 (or 0, for a text without a token that it knows). */
export type SentenceEncoder = {
  readonly width: number;
  /** texts × width. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  release(): Promise<void>;
};

/** Tokens of a text that count: what such models are trained on. */
const mostTokens = 256;

/**
 * Opens a folder with `model.onnx` and `tokenizer.json` (and perhaps `tokenizer_config.json`), as sentence encoders are
 * published: the model takes `input_ids` and, where it wants them, `attention_mask` and `token_type_ids`, and gives
 * first a vector a token, whose mean is the text's, or a vector a text.
 *
 * @throws Error in one sentence if the folder does not hold such a model
 */
export async function openSentenceEncoder(folder: string): Promise<SentenceEncoder> {
  const tokenizer = new Tokenizer(
    await readJson(folder, 'tokenizer.json'),
    await readJson(folder, 'tokenizer_config.json', {}),
  );
  const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 }).catch(
    (error: Error) => {
      throw new Error(`The text encoder ${join(folder, 'model.onnx')} cannot be opened: ${error.message}.`);
    },
  );
  const unknown = session.inputNames.filter((name) => !inputNames.includes(name));
  if (unknown.length > 0)
    throw new Error(`The text encoder in ${folder} wants ${unknown.join(', ')}, which is not known here.`);
  const encode = async (texts: readonly string[]) => {
    const ids = texts.map((text) => tokenizer.encode(text).ids.slice(0, mostTokens));
    return normalised(await run(session, ids), ids);
  };
  const [first] = await encode(['one']);
  return {
    width: first.length,
    async encode(texts) {
      const vectors = await encode(texts);
      const flat = new Float32Array(vectors.length * first.length);
      for (const [n, vector] of vectors.entries()) flat.set(vector, n * vector.length);
      return flat;
    },
    release: async () => await session.release(),
  };
}

const inputNames = ['input_ids', 'attention_mask', 'token_type_ids'];

/** The first output for texts of these tokens, filled up to the longest. */
async function run(session: InferenceSession, ids: readonly (readonly number[])[]): Promise<Tensor> {
  const length = Math.max(1, ...ids.map((tokens) => tokens.length));
  const integers = (of: (token: number | undefined) => number) =>
    new Tensor(
      'int64',
      BigInt64Array.from({ length: ids.length * length }, (_, at) =>
        BigInt(of(ids[Math.floor(at / length)]?.[at % length])),
      ),
      [ids.length, length],
    );
  const feeds: Record<string, Tensor> = {
    input_ids: integers((token) => token ?? 0),
    attention_mask: integers((token) => (token === undefined ? 0 : 1)),
    token_type_ids: integers(() => 0),
  };
  const results = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, feeds[name] ?? integers(() => 0)])),
  );
  const output = results[session.outputNames[0]];
  if (output?.data instanceof Float32Array) return output;
  throw new Error('The text encoder gives no tensor of 32-bit floats.');
}

/** Means over the tokens of each text, where there is a vector a token, of length 1. */
function normalised({ dims, data }: Tensor, ids: readonly (readonly number[])[]): Float32Array[] {
  const width = dims[dims.length - 1];
  const length = dims.length === 3 ? dims[1] : 1;
  return ids.map((tokens, text) => {
    const sum = new Float32Array(width);
    const vectors = dims.length === 3 ? tokens.length : 1;
    for (let token = 0; token < vectors; token++) {
      const from = (text * length + token) * width;
      for (let n = 0; n < width; n++) sum[n] = sum[n] + Number(data[from + n]);
    }
    const size = Math.hypot(...sum);
    // What has gone out of bounds says nothing.
    return Number.isFinite(size) && size > 0 ? sum.map((value) => value / size) : sum.fill(0);
  });
}

async function readJson(folder: string, name: string, otherwise?: object): Promise<object> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && otherwise) return undefined;
    throw new Error(`The text encoder's file ${path} cannot be read: ${error.message}.`);
  });
  if (text === undefined) return otherwise ?? {};
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) return value;
  throw new Error(`The text encoder's file ${path} holds no object.`);
}
