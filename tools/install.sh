#!/bin/sh
# tools/install.sh BIN REQUIREMENTS: install exactly the locked packages, and the `splot` command beside them.
set -eu
bin=$1
requirements=$2
echo "Installing the packages of $requirements (once) …"
"$bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-deps --require-hashes -r "$requirements"

# Not an installed package: the folder that one works in is the one that runs.
python=$(cd "$bin" && pwd)/python
cat > "$bin/splot" <<SPLOT
#!/bin/sh
PYTHONPATH='$(pwd)'\${PYTHONPATH:+:\$PYTHONPATH} exec '$python' -m app.cli "\$@"
SPLOT
chmod +x "$bin/splot"
