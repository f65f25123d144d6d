"""Signs random requests as botocore does, and prints them as lines of JSON: sign.py COUNT SEED ACCESS_KEY SECRET [TOKEN]"""

import base64
import json
import random
import sys

from urllib.parse import quote

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

count, seed = int(sys.argv[1]), int(sys.argv[2])
credentials = Credentials(*sys.argv[3:])
chance = random.Random(seed)
LETTERS = "abcXYZ019-_.~ /%+=&?:;,'\"()*!@$é漢🎬"


def text(least, most):
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(least, most)))


def request(size):
    path = "/" + "/".join(quote(text(1, 6), safe="-_.~") for _ in range(chance.randint(0, 3)))
    pairs = [(quote(text(1, 5), safe="-_.~"), quote(text(0, 5), safe="-_.~")) for _ in range(chance.randint(0, 3))]
    query = "&".join(f"{name}={value}" for name, value in pairs)
    body = bytes(chance.randrange(256) for _ in range(size))
    headers = {"Content-Type": "application/json", "X-Amz-Target": "AmazonPersonalize.X", "User-Agent": "boto"}
    for n in range(chance.randint(0, 2)):
        headers[f"X-My-{n}"] = chance.choice(["a", "a  b", "c,d", '"q  r"'])
    url = f"http://localhost:8642{path}" + (f"?{query}" if query else "")
    return AWSRequest(method=chance.choice(["GET", "POST"]), url=url, headers=headers, data=body)


for _ in range(count):
    kind = SigV4QueryAuth if chance.random() < 0.3 else SigV4Auth
    # It would put a body into the query.
    made = request(0 if kind is SigV4QueryAuth else chance.randint(0, 80))
    kind(credentials, "personalize", "eu-central-1").add_auth(made)
    prepared = made.prepare()
    headers = {**dict(prepared.headers), "Host": "localhost:8642"}
    sent = {"method": prepared.method, "url": prepared.url.removeprefix("http://localhost:8642"), "headers": headers}
    print(json.dumps({**sent, "body": base64.b64encode(made.data or b"").decode()}))
