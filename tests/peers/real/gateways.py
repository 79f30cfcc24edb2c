# SPDX-License-Identifier: MIT
# The gateways: how each is started in front of upstreams, and how it is asked.
import binascii
import json
import os
import shutil
import tempfile

import peers

KEY = "sk-" + binascii.hexlify(os.urandom(16)).decode()  # of the gateway, where it wants one; made anew each time
TIMEOUT_S = 2  # of one try at an upstream, for all


class Portkey:
    """@portkey-ai/gateway. All that it is told stands in headers of the request."""
    name = "portkey"
    streams = True  # until it is seen that they do not come through

    @staticmethod
    def missing():
        if not os.environ.get("PEER_PORTKEY"):
            return "its package could not be had"
        return None if shutil.which("node") else "no node here"

    def __init__(self, upstreams):
        self.upstreams = upstreams  # name → base URL

    def start(self):
        port = peers.free_port()
        words = ["node", os.path.join(os.environ["PEER_PORTKEY"], "node_modules/@portkey-ai/gateway/build/start-server.js"),
                 "--headless", "--port=%d" % port]
        return peers.Peer(words, port, env={"TRUSTED_CUSTOM_HOSTS": "127.0.0.1", "NODE_ENV": "production"})

    def entry(self, peer, upstream):
        """What a user's configuration says of it: the model, and the provider's own lines."""
        headers = ["x-portkey-provider: openai", "x-portkey-custom-host: " + self.upstreams[upstream]]
        return "m", {"base_url": "http://127.0.0.1:%d/v1" % peer.port, "headers": headers, "keys": ["GATEWAY_KEY"]}

    def alone(self, peer, first, second):
        """The gateway's own retries and fallback: (url, model, headers)."""
        target = {"provider": "openai", "api_key": "none", "request_timeout": TIMEOUT_S * 1000}
        again = {"attempts": 2, "on_status_codes": [408, 429, 500, 502, 503, 504]}
        config = {"strategy": {"mode": "fallback"}, "targets": [
            {**target, "custom_host": self.upstreams[first], "retry": again},
            {**target, "custom_host": self.upstreams[second]}]}
        return "http://127.0.0.1:%d/v1/chat/completions" % peer.port, "m", {"x-portkey-config": json.dumps(config)}


class LiteLLM:
    """litellm[proxy]. Each upstream is a model of its configuration."""
    name = "litellm"
    streams = True

    @staticmethod
    def missing():
        return None if os.environ.get("PEER_LITELLM") else "its package could not be had"

    def __init__(self, upstreams):
        self.upstreams = upstreams

    def start(self):
        port = peers.free_port()
        models, fallbacks = [], []
        for name, url in self.upstreams.items():
            how = {"model": "openai/m", "api_base": url, "api_key": "none", "timeout": TIMEOUT_S, "stream_timeout": TIMEOUT_S,
                   "max_retries": 0}
            models += [{"model_name": n, "litellm_params": how} for n in (name, name + "-alone")]
            fallbacks.append({name + "-alone": ["spare"]})
        config = {"model_list": models, "router_settings": {"num_retries": 2, "fallbacks": fallbacks},
                  "litellm_settings": {"telemetry": False}}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as f:
            json.dump(config, f)  # JSON is YAML
        place = os.environ["PEER_LITELLM"]
        words = [place + "/bin/litellm", "--config", f.name, "--host", "127.0.0.1", "--port", str(port)]
        peer = peers.Peer(words, port, ready="/health/liveliness", env={
            "LITELLM_MASTER_KEY": KEY, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PATH": place + "/bin:" + os.environ["PATH"]})
        os.unlink(f.name)
        return peer

    def entry(self, peer, upstream):
        return upstream, {"base_url": "http://127.0.0.1:%d/v1" % peer.port, "keys": ["GATEWAY_KEY"]}

    def alone(self, peer, first, second):
        return "http://127.0.0.1:%d/v1/chat/completions" % peer.port, first + "-alone", {"Authorization": "Bearer " + KEY}


ALL = [Portkey, LiteLLM]
