import argparse

from tests.fakeprovider.server import FakeProvider

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
with FakeProvider(parser.parse_args().port) as provider:
    print(provider.url, flush=True)
    provider.stopping.wait()
