"""Writes, lists and reads frames with pandas and s3fs: s3_pandas.py BUCKET; the rest is in the environment; prints "done"."""

import sys

import pandas
import s3fs

bucket = sys.argv[1]
frame = pandas.DataFrame({"USER_ID": [f"u{n}" for n in range(3000)], "TIMESTAMP": range(3000)})
files = s3fs.S3FileSystem()
files.mkdir(bucket)
frame.to_csv(f"s3://{bucket}/frames/one.csv", index=False)
assert pandas.read_csv(f"s3://{bucket}/frames/one.csv").equals(frame)
assert files.ls(f"{bucket}/frames") == [f"{bucket}/frames/one.csv"]
assert files.du(f"{bucket}/frames") == len(frame.to_csv(index=False))

with files.open(f"s3://{bucket}/frames/large.bin", "wb", block_size=5 * 2**20) as file:
    for _ in range(12):
        file.write(b"0123456789abcdef" * 2**16)
assert files.info(f"{bucket}/frames/large.bin")["size"] == 12 * 2**20
with files.open(f"s3://{bucket}/frames/large.bin", "rb") as file:
    file.seek(7 * 2**20 + 3)
    assert file.read(4) == b"3456"
files.cp(f"{bucket}/frames/one.csv", f"{bucket}/copies/one.csv")
files.mv(f"{bucket}/copies/one.csv", f"{bucket}/copies/two.csv")
assert sorted(files.find(bucket)) == [f"{bucket}/copies/two.csv", f"{bucket}/frames/large.bin", f"{bucket}/frames/one.csv"]
assert files.glob(f"{bucket}/*/*.csv") == [f"{bucket}/copies/two.csv", f"{bucket}/frames/one.csv"]
assert files.isdir(f"{bucket}/frames") and not files.exists(f"{bucket}/nothing")
files.rm(bucket, recursive=True)
assert not files.exists(bucket)
print("done")
