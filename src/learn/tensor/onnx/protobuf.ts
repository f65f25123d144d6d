/**
 * Writes messages of the protocol-buffer wire format (protobuf.dev/programming-guides/encoding): a field is a tag,
 * which is its number and the kind of its value, and the value. Bytes of a nested message are known before they are
 * written, so that a message is a list of chunks and its size.
 */
export class Message {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** An integer, negative ones in two's complement of 64 bits. */
  integer(field: number, value: number | bigint): this {
    return this.#tag(field, 0).#varint(BigInt.asUintN(64, BigInt(value)));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, 5).#append(bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, 2).#varint(BigInt(value.length)).#append(value);
  }

  message(field: number, value: Message): this {
    this.#tag(field, 2).#varint(BigInt(value.#size));
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#size);
  }

  #tag(field: number, kind: number): this {
    return this.#varint(BigInt(field * 8 + kind));
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let left = value;
    while (left >= 128n) {
      bytes.push(Number(left & 127n) | 128);
      left >>= 7n;
    }
    bytes.push(Number(left));
    return this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    return this;
  }
}
